package dev.darq.experiments.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyFilesTest {
    @TempDir
    private Path folder;

    private void write(String name, String type, String shape, byte[] values) throws IOException {
        Files.write(folder.resolve(name), NpyFolder.npy(type, false, shape, values));
    }

    private void writeImages(String type, String shape, byte[] values) throws IOException {
        write("images.npy", type, shape, values);
        write("labels.npy", "<i8", "2,", NpyFolder.longs(3, 9));
    }

    private DataSet read() {
        return NpyFiles.read("test", folder, 10);
    }

    private float[] first() {
        float[] features = new float[read().width()];
        read().train().image(1, features, 0);
        return features;
    }

    private void refuses(String message) {
        assertEquals(message.replace("@", folder + "/"), assertThrows(DataException.class, this::read).getMessage());
    }

    @Test
    void everyTypeIsReadAndBytesArePixels() throws IOException {
        writeImages("<f4", "2, 2", NpyFolder.floats(0, 1, 0.25f, -3));
        assertArrayEquals(new float[] {0.25f, -3}, first());
        writeImages("<f8", "2, 1, 2", NpyFolder.doubles(0, 1, 0.25, 7));
        assertArrayEquals(new float[] {0.25f, 7}, first());
        writeImages("<i8", "2, 2", NpyFolder.longs(0, 1, 5, -2));
        assertArrayEquals(new float[] {5, -2}, first());
        writeImages("|u1", "2, 2", new byte[] {0, 1, (byte) 255, 51});
        assertArrayEquals(new float[] {1, 0.2f}, first());
        assertEquals(9, read().test().label(1));
    }

    @Test
    void trainingAndTestExamplesMayLieApart() throws IOException {
        write("x_train.npy", "<f4", "1, 2", NpyFolder.floats(1, 2));
        write("y_train.npy", "|u1", "1,", new byte[] {4});
        write("x_test.npy", "<f4", "2, 2", NpyFolder.floats(1, 2, 3, 4));
        refuses(folder + ": lacks y_test.npy; or images.npy and labels.npy");
        write("y_test.npy", "|u1", "2,", new byte[] {4, 5});
        assertEquals(1, read().train().count());
        assertEquals(2, read().test().count());
        write("x_test.npy", "<f4", "2, 3", new byte[24]);
        refuses("@x_test.npy: examples have 3 features, those of x_train.npy have 2");
    }

    @Test
    void whatCannotBeReadIsToldWithTheFile() throws IOException {
        writeImages(">f4", "2, 2", new byte[16]);
        refuses("@images.npy: holds values of type >f4, expected <f4, <f8, |u1 or <i8");
        writeImages("<f4", "2, 3", new byte[16]);
        refuses("@images.npy: has 16 bytes of values, expected 24 from its shape [2, 3]");
        writeImages("<f4", "2, 0", new byte[0]);
        refuses("@images.npy: has a dimension of 0, expected 1 to 2147483647");
        writeImages("<f4", "2147483647, 2147483647, 2147483647", new byte[16]);
        assertTrue(String.valueOf(assertThrows(DataException.class, this::read).getMessage())
                .contains("has 16 bytes of values, expected more than 2 GiB"));
        writeImages("<f4", "1, 2", NpyFolder.floats(1, Float.NaN));
        refuses("@labels.npy: has 2 labels, expected 1, one for each example of @images.npy");
        writeImages("<f4", "2, 1", NpyFolder.floats(1, Float.NaN));
        refuses("@images.npy: value NaN at index 1, expected finite numbers");
        writeImages("<f4", "2, 1", NpyFolder.floats(1, 2));
        write("labels.npy", "<i8", "2,", NpyFolder.longs(3, 10));
        refuses("@labels.npy: label 10 at index 1, expected 0 to 9");
        write("labels.npy", "<f4", "2,", NpyFolder.floats(3, 1));
        refuses("@labels.npy: has shape [2] of <f4, expected labels: one dimension of |u1 or <i8");
        Files.write(folder.resolve("images.npy"), NpyFolder.npy("<f4", true, "2, 1", new byte[8]));
        refuses("@images.npy: is in Fortran order, expected C order");
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        writeImages("<f4", "2, 1", NpyFolder.floats(1, 2));
        byte[] whole = Files.readAllBytes(folder.resolve("images.npy"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(folder.resolve("images.npy"), Arrays.copyOf(whole, length));
            assertTrue(String.valueOf(assertThrows(DataException.class, this::read).getMessage())
                    .contains("images.npy: "));
        }
    }
}
