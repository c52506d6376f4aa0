package dev.darq.experiments.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** Small data sets in MNIST's format, made for tests: 3 + 2 images of 2 x 2 pixels. */
public final class IdxFolder {
    private IdxFolder() {}

    /** Fills a folder with the four files. */
    public static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("train-images-idx3-ubyte"), idx(new int[] {3, 2, 2}, pixels(12)));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(new int[] {3}, new byte[] {7, 0, 9}));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(new int[] {2, 2, 2}, pixels(8)));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(new int[] {2}, new byte[] {1, 2}));
        return folder;
    }

    /** Fills a folder with images of 4 x 4 pixels in ten classes, a pattern with noise each. */
    public static Path writePatterns(Path folder, int train, int test) throws IOException {
        Files.createDirectories(folder);
        writePatterns(folder, "train", train, 2);
        writePatterns(folder, "t10k", test, 3);
        return folder;
    }

    private static void writePatterns(Path folder, String name, int count, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int[] pattern = new SplittableRandom(1).ints(160, 0, 200).toArray();
        byte[] pixels = new byte[count * 16];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.nextInt(10);
            for (int k = 0; k < 16; k++) {
                pixels[i * 16 + k] = (byte) (pattern[labels[i] * 16 + k] + random.nextInt(56));
            }
        }
        Files.write(folder.resolve(name + "-images-idx3-ubyte"), idx(new int[] {count, 4, 4}, pixels));
        Files.write(folder.resolve(name + "-labels-idx1-ubyte"), idx(new int[] {count}, labels));
    }

    static byte[] pixels(int count) {
        byte[] pixels = new byte[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = (byte) (255 - i);
        }
        return pixels;
    }

    static byte[] idx(int[] dimensions, byte[] values) throws IOException {
        return idx(0x800 + dimensions.length, dimensions, values);
    }

    static byte[] idx(int magic, int[] dimensions, byte[] values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(magic);
        for (int dimension : dimensions) {
            out.writeInt(dimension);
        }
        out.write(values);
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
