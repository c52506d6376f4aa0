package dev.darq.experiments.cli;

import dev.darq.experiments.config.ExperimentConfig;
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

    /** Makes the folder that the user wants, or a new one of the configured name and this time. */
    static Path create(@Nullable Path wanted, ExperimentConfig config, LocalDateTime now) throws IOException {
        if (wanted != null) {
            check(wanted);
            return Files.createDirectories(wanted);
        }
        Path parent = Files.createDirectories(config.results().directory());
        String name = config.name() + "-" + TIME.format(now);
        for (int attempt = 1;; attempt++) {
            Path folder = parent.resolve(attempt == 1 ? name : name + "-" + attempt);
            if (!Files.exists(folder)) {
                return Files.createDirectory(folder);
            }
        }
    }
}
