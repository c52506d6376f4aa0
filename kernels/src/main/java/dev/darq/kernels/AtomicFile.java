package dev.darq.kernels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that are there in full or not at all, whatever happens while they are written. */
public final class AtomicFile {
    /** What has just been done to a file on its way to its name. */
    enum Step {
        WRITTEN, FORCED, RENAMED
    }

    /** Sees every step; a test stops the process at one, or lets the disk refuse it. */
    @FunctionalInterface
    interface Observer {
        void done(Step step, Path file) throws IOException;
    }

    private static final String TEMPORARY = ".tmp";
    private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.[0-9a-f-]{36}\\" + TEMPORARY);

    static volatile Observer observer = (_, _) -> {};

    private AtomicFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to the channel, from its beginning. */
        void write(FileChannel channel) throws IOException;
    }

    /**
     * Writes text in UTF-8.
     *
     * @throws IOException when the disk refuses; the file is then what it was before
     */
    public static void write(Path file, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * Writes beside the file, makes sure the bytes are on the disk, and only then takes the file's name.
     *
     * @throws IOException when the disk refuses; the file is then what it was before
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        Path name = target.getFileName();
        if (directory == null || name == null) {
            throw new IOException(file + ": expected a file name, found a root directory");
        }
        Path temporary = directory.resolve("." + name + "." + UUID.randomUUID() + TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE)) {
                content.write(channel);
                observer.done(Step.WRITTEN, target);
                channel.force(true);
                observer.done(Step.FORCED, target);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            observer.done(Step.RENAMED, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(directory);
    }

    /**
     * Removes what a killed process left of files that it did not finish, in a folder and those in it. No other process
     * may be writing there.
     */
    public static void removeUnfinished(Path folder) throws IOException {
        List<Path> unfinished;
        try (Stream<Path> files = Files.walk(folder)) {
            unfinished = files.filter(AtomicFile::isUnfinished).toList();
        }
        for (Path file : unfinished) {
            Files.delete(file);
        }
    }

    private static boolean isUnfinished(Path file) {
        return Files.isRegularFile(file) && UNFINISHED.matcher(String.valueOf(file.getFileName())).matches();
    }

    /** Without this a crash may forget the rename. Windows opens no directories, and needs no such step. */
    private static void forceDirectory(Path directory) throws IOException {
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
