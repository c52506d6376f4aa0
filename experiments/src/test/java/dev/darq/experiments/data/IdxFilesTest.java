package dev.darq.experiments.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
    private static final String IMAGES = "train-images-idx3-ubyte";
    private static final String LABELS = "train-labels-idx1-ubyte";

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        IdxFolder.write(folder);
    }

    private DataSet read() {
        return IdxFiles.read("small", folder, 10);
    }

    private void failsWith(String message) {
        assertEquals(message, assertThrows(DataException.class, this::read).getMessage());
    }

    private void write(String file, byte[] content) throws IOException {
        Files.write(folder.resolve(file), content);
    }

    @Test
    void readsImagesAndLabels() {
        DataSet data = read();
        assertEquals(4, data.width());
        assertEquals(10, data.classes());
        assertEquals(3, data.train().count());
        assertEquals(2, data.test().count());
        assertArrayEquals(IdxFolder.pixels(12), data.train().images());
        assertArrayEquals(new byte[] {7, 0, 9}, data.train().labels());
        assertEquals(2, data.test().label(1));
    }

    @Test
    void aNetworkSeesPixelsOver255() {
        float[] image = new float[4];
        read().train().image(0, image, 0);
        assertArrayEquals(new float[] {1, 254 / 255f, 253 / 255f, 252 / 255f}, image);
        read().train().image(2, image, 0);
        assertEquals(247 / 255f, image[0]);
    }

    @Test
    void readsGzippedFilesUnderEitherName() throws IOException {
        byte[] images = Files.readAllBytes(folder.resolve(IMAGES));
        Files.delete(folder.resolve(IMAGES));
        write(IMAGES + ".gz", IdxFolder.gzip(images));
        write(LABELS, IdxFolder.gzip(Files.readAllBytes(folder.resolve(LABELS))));
        assertArrayEquals(IdxFolder.pixels(12), read().train().images());
        assertEquals(9, read().train().label(2));
    }

    @Test
    void namesTheMissingFiles() throws IOException {
        Files.delete(folder.resolve(IMAGES));
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        failsWith(folder + ": lacks train-images-idx3-ubyte, t10k-labels-idx1-ubyte (each may be gzipped, .gz)");
        Path none = folder.resolve("none");
        assertTrue(String.valueOf(assertThrows(DataException.class, () -> IdxFiles.read("x", none, 10)).getMessage())
                .startsWith(none + ": no such folder, expected one with the files train-images-idx3-ubyte, "));
    }

    @Test
    void refusesAWrongMagicNumber() throws IOException {
        write(IMAGES, Files.readAllBytes(folder.resolve(LABELS)));
        failsWith(folder.resolve(IMAGES) + ": ends after 11 bytes, expected a header of 16");
        write(IMAGES, IdxFolder.idx(0x801, new int[] {3, 2, 2}, IdxFolder.pixels(12)));
        failsWith(folder.resolve(IMAGES)
                + ": begins with 0x00000801, expected 0x00000803 (IDX, unsigned bytes, 3 dimensions)");
    }

    @Test
    void refusesDimensionsThatDoNotFitTheLength() throws IOException {
        Path images = folder.resolve(IMAGES);
        write(IMAGES, IdxFolder.idx(new int[] {3, 2, 2}, IdxFolder.pixels(11)));
        failsWith(images + ": has 27 bytes, expected 28 from its dimensions 3 x 2 x 2");
        write(IMAGES, IdxFolder.idx(new int[] {3, 2, 2}, IdxFolder.pixels(13)));
        failsWith(images + ": has 29 bytes, expected 28 from its dimensions 3 x 2 x 2");
        write(IMAGES, IdxFolder.gzip(IdxFolder.idx(new int[] {3, 2, 2}, IdxFolder.pixels(11))));
        failsWith(images + ": has only 11 values, expected 12 from its dimensions 3 x 2 x 2");
        write(IMAGES, IdxFolder.gzip(IdxFolder.idx(new int[] {3, 2, 2}, IdxFolder.pixels(13))));
        failsWith(images + ": has more than 12 values, expected 12 from its dimensions 3 x 2 x 2");
    }

    @Test
    void refusesAbsurdDimensionsWithoutAskingForMemory() throws IOException {
        int[][] absurd = {{0, 2, 2}, {-1, 2, 2}, {3, 0, 2}, {3, -2, -2}, {Integer.MAX_VALUE, 28, 28},
                {3, Integer.MAX_VALUE, Integer.MAX_VALUE}, {3, 65536, 65536}};
        for (int[] dimensions : absurd) {
            write(IMAGES, IdxFolder.gzip(IdxFolder.idx(dimensions, IdxFolder.pixels(12))));
            String message = String.valueOf(assertThrows(DataException.class, this::read).getMessage());
            assertTrue(message.contains(" are out of range, expected at least one image"), message);
        }
        write(IMAGES, IdxFolder.idx(new int[] {2_000_000, 32, 32}, IdxFolder.pixels(12)));
        failsWith(folder.resolve(IMAGES) + ": has 28 bytes, expected 2048000016 from its dimensions 2000000 x 32 x 32");
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] raw = Files.readAllBytes(folder.resolve(IMAGES));
        for (byte[] whole : new byte[][] {raw, IdxFolder.gzip(raw)}) {
            for (int length = 0; length < whole.length; length++) {
                write(IMAGES, Arrays.copyOf(whole, length));
                String message = String.valueOf(assertThrows(DataException.class, this::read).getMessage());
                assertTrue(message.startsWith(folder.resolve(IMAGES).toString()), message);
                assertFalse(message.contains("\n"), message);
            }
        }
    }

    @Test
    void refusesLabelsThatDoNotBelong() throws IOException {
        write(LABELS, IdxFolder.idx(new int[] {3}, new byte[] {1, 10, 2}));
        failsWith(folder.resolve(LABELS) + ": label 10 at index 1, expected less than 10");
        write(LABELS, IdxFolder.idx(new int[] {3}, new byte[] {1, 2, -1}));
        failsWith(folder.resolve(LABELS) + ": label 255 at index 2, expected less than 10");
        write(LABELS, IdxFolder.idx(new int[] {2}, new byte[] {1, 2}));
        failsWith(folder.resolve(LABELS) + ": has 2 labels, expected 3, one for each image of "
                + folder.resolve(IMAGES));
    }

    @Test
    void testImagesMustBeOfTheSameSize() throws IOException {
        write("t10k-images-idx3-ubyte", IdxFolder.idx(new int[] {2, 3, 2}, IdxFolder.pixels(12)));
        failsWith(folder.resolve("t10k-images-idx3-ubyte") + ": images have 6 pixels, those of "
                + folder.resolve(IMAGES) + " have 4");
    }
}
