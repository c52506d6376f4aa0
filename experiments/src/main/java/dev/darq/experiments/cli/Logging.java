package dev.darq.experiments.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What the libraries and the kernels log; simplelogger.properties does the same for those that use SLF4J. */
public final class Logging {
    /** Held here, because the platform forgets the level of a logger that nobody holds. */
    private static final Logger DARQ = Logger.getLogger("dev.darq");

    private Logging() {}

    /** Only warnings and errors, unless the user configured logging. */
    public static void quiet() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            DARQ.setLevel(Level.WARNING);
        }
    }
}
