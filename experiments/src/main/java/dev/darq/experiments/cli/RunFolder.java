package dev.darq.experiments.cli;

import dev.darq.experiments.journal.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a run writes into, locked for this process. It is made only when everything that the user gave has
 * proved good.
 *
 * @param path where it is
 * @param lock let go of when the run ends
 */
record RunFolder(Path path, RunLock lock) implements AutoCloseable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

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
            if (entries.anyMatch(entry -> !entry.endsWith(RunLock.NAME))) {
                throw new UsageException("--run " + wanted + ": is not empty, expected a folder that is new or empty");
            }
        }
    }

    /** Makes the folder that the user wants, or in the parent a new one of this name and time. */
    static RunFolder create(@Nullable Path wanted, Path parent, String name, LocalDateTime now) throws IOException {
        if (wanted != null) {
            check(wanted);
            RunFolder folder = locked(Files.createDirectories(wanted));
            try {
                // Another run may have begun and ended here since.
                check(wanted);
                return folder;
            } catch (IOException | UsageException e) {
                folder.close();
                throw e;
            }
        }
        Files.createDirectories(parent);
        String timed = name + "-" + TIME.format(now);
        for (int attempt = 1;; attempt++) {
            Path folder = parent.resolve(attempt == 1 ? timed : timed + "-" + attempt);
            if (!Files.exists(folder)) {
                return locked(Files.createDirectory(folder));
            }
        }
    }

    /** The folder of a run that is to be taken up. */
    static RunFolder reopen(@Nullable Path wanted) throws IOException {
        if (wanted == null) {
            throw new UsageException("--resume needs the folder of the run, --run DIR");
        }
        if (!Files.isDirectory(wanted)) {
            throw new UsageException("--run " + wanted + ": no such folder, so there is nothing to resume");
        }
        return locked(wanted);
    }

    private static RunFolder locked(Path folder) throws IOException {
        RunLock lock = RunLock.tryLock(folder);
        if (lock == null) {
            throw new UsageException(
                    "--run " + folder + ": is in use by another run (" + RunLock.holder(folder) + ")");
        }
        return new RunFolder(folder, lock);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
