package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What disks, networks and careless copies do to a file. */
class DamagedFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;
    private byte[] good = {};

    @BeforeEach
    void save() throws IOException {
        Path path = directory.resolve("good.darq");
        TestModels.everyKind().save(path);
        good = Files.readAllBytes(path);
    }

    @Test
    void truncatedAtAnyByteItIsRefused() throws IOException {
        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length));
        }
    }

    @Test
    void anySingleChangedByteIsNoticed() throws IOException {
        for (int i = 0; i < good.length; i++) {
            for (int flip : new int[] {0x01, 0xFF}) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) flip;
                assertRefused(bad);
            }
        }
    }

    @Test
    void trailingBytesAreRefused() throws IOException {
        assertRefused(Arrays.copyOf(good, good.length + 1));
        assertRefused(Arrays.copyOf(good, good.length + 64));
    }

    @Test
    void anEmptyFileAndOtherFormatsAreRefused() throws IOException {
        assertRefused(new byte[0]);
        assertRefused(new byte[4096]);
        assertRefused("GGUF, or a text that has nothing to do with models.".getBytes(StandardCharsets.US_ASCII));
    }

    private void assertRefused(byte[] bytes) throws IOException {
        Path path = directory.resolve("bad.darq");
        Files.write(path, bytes);
        String message = String
                .valueOf(assertThrows(PackedFormatException.class, () -> PackedModel.load(path)).getMessage());
        assertTrue(message.startsWith(path + ": at byte "), message);
        assertTrue(message.contains(": expected ") && message.contains(", found "), message);
        assertFalse(message.contains("\n"), message);
    }
}
