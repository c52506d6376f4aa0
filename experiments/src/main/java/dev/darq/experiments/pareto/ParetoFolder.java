package dev.darq.experiments.pareto;

import dev.darq.experiments.report.Json;
import dev.darq.kernels.AtomicFile;
import dev.darq.search.MixedPrecision;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The run folder of a comparison: a file for every piece of work that is done. Processes share the work by locks on files
 * beside them, which the system gives back when a process ends, however it ends; so what is there is never done again, and
 * what is not there somebody does.
 */
final class ParetoFolder {
    private static final int POLL_MILLIS = 200;

    private final Path root;

    ParetoFolder(Path root) {
        this.root = root;
    }

    /** What makes a file. */
    @FunctionalInterface
    interface Maker {
        void make() throws IOException;
    }

    /** A piece of work that is done once its file is there. */
    record Work(Path file, Maker maker) {}

    Path root() {
        return root;
    }

    Path trunk(long seed) {
        return root.resolve("trunks/seed-" + seed + ".safetensors");
    }

    Path plan(long seed) {
        return root.resolve("plans/seed-" + seed + ".json");
    }

    Path sensitivity(long seed) {
        return root.resolve("plans/sensitivity-seed-" + seed + ".csv");
    }

    Path trained(long seed, MixedPrecision scheme) {
        return root.resolve("schemes/seed-" + seed + "/" + digest(scheme.toString()) + ".json");
    }

    Path searched(long seed, int subspace, double budget) {
        return root.resolve(
                "searched/seed-" + seed + "/" + (subspace == 0 ? "" : "subspace-" + subspace + "-") + budget + ".json");
    }

    /** A scheme of many layers is too long for the name of a file. */
    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static void write(Path file, Object value) throws IOException {
        AtomicFile.write(file, Json.write(value));
    }

    /** Returns when every piece is done, by this process or by another one. */
    void finish(List<Work> work) throws IOException {
        List<Work> open = new ArrayList<>(work);
        while (!open.isEmpty()) {
            boolean worked = false;
            for (Work piece : open) {
                worked |= Files.notExists(piece.file) && makeIfFree(piece);
            }
            open.removeIf(piece -> Files.exists(piece.file));
            if (!worked && !open.isEmpty()) {
                pause();
            }
        }
    }

    private boolean makeIfFree(Work piece) throws IOException {
        Path lockFile = root.resolve("locks").resolve(digest(root.relativize(piece.file).toString()) + ".lock");
        Files.createDirectories(lockFile.getParent());
        Files.createDirectories(piece.file.getParent());
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null || Files.exists(piece.file)) {
                return false;
            }
            piece.maker.make();
            return true;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while another process works", e);
        }
    }
}
