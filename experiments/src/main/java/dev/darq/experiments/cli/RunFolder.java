package dev.darq.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder that a run writes into. It is made only when everything that the user gave has proved good. */
final class RunFolder {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private RunFolder() {}

    /**
     * Refuses a folder that holds something already.
     *
     * @param wanted what the user gave, if anything
     */
    static void check(@Nullable Path wanted) throws IOException {
        if (wanted == null || !Files.exists(wanted)) {
            return;
        }
        if (!Files.isDirectory(wanted)) {
            throw new UsageException("--run " + wanted + ": is a file, expected a folder that is new or empty");
        }
        try (Stream<Path> entries = Files.list(wanted)) {
            if (entries.findAny().isPresent()) {
                throw new UsageException("--run " + wanted + ": is not empty, expected a folder that is new or empty");
            }
        }
    }

    /** Makes the folder that the user wants, or in the parent a new one of this name and time. */
    static Path create(@Nullable Path wanted, Path parent, String name, LocalDateTime now) throws IOException {
        if (wanted != null) {
            check(wanted);
            return Files.createDirectories(wanted);
        }
        Files.createDirectories(parent);
        String timed = name + "-" + TIME.format(now);
        for (int attempt = 1;; attempt++) {
            Path folder = parent.resolve(attempt == 1 ? timed : timed + "-" + attempt);
            if (!Files.exists(folder)) {
                return Files.createDirectory(folder);
            }
        }
    }
}
