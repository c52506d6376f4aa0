package dev.darq.kernels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets tests of other packages act at the steps of a file on its way to its name. */
public final class Disk {
    private Disk() {}

    /** Something that happens at a step. */
    @FunctionalInterface
    public interface Event {
        /** Happens. */
        void happen() throws IOException;
    }

    /**
     * At the so-many-th time that a file whose path holds a text has come to a step, something happens.
     *
     * @param step {@code written}, {@code forced} or {@code renamed}
     */
    public static void at(String step, String path, int time, Event event) {
        AtomicFile.Step awaited = AtomicFile.Step.valueOf(step.toUpperCase(Locale.ROOT));
        AtomicInteger seen = new AtomicInteger();
        AtomicFile.observer = (AtomicFile.Step done, Path file) -> {
            if (done == awaited && file.toString().contains(path) && seen.incrementAndGet() == time) {
                event.happen();
            }
        };
    }

    /** Nothing happens any more. */
    public static void works() {
        AtomicFile.observer = (_, _) -> {};
    }
}
