package dev.darq.experiments.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process out of a run folder. The operating system lets go of the lock when its process ends, however it
 * ends. The file stays: one that was deleted could be locked twice, under the old and under a new file of its name.
 */
public final class RunLock implements AutoCloseable {
    /** The file's name in the run folder. */
    public static final String NAME = ".lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a folder.
     *
     * @return the lock, or null when another run has it
     */
    public static @Nullable RunLock tryLock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
                return new RunLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // This very process has it: as good as another.
        }
        channel.close();
        return null;
    }

    /** Who has the lock, for a person. */
    public static String holder(Path folder) {
        try {
            String process = Files.readString(folder.resolve(NAME), StandardCharsets.US_ASCII).strip();
            return process.matches("\\d+") ? "process " + process : "another process";
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
