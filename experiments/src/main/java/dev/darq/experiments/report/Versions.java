package dev.darq.experiments.report;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;

/** Versions that this build is made of. */
public final class Versions {
    private static final Properties PROPERTIES = read();

    /** Darq. */
    public static final String DARQ = PROPERTIES.getProperty("darq", "unknown");
    /** DJL. */
    public static final String DJL = PROPERTIES.getProperty("djl", "unknown");
    /** PyTorch, the native library. */
    public static final String PYTORCH = PROPERTIES.getProperty("pytorch", "unknown");

    private Versions() {}

    private static Properties read() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(
                Versions.class.getResourceAsStream("/dev/darq/experiments/versions.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("versions.properties cannot be read", e);
        }
        return properties;
    }
}
