package dev.darq.kernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What disks, networks and careless copies do to a file, for small files of all kinds. */
@ParameterizedClass
@MethodSource("models")
class DamagedFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;
    @Parameter
    @SuppressWarnings("NullAway.Init")
    private PackedModel model;
    private byte[] good = {};

    static Stream<PackedModel> models() {
        return TestModels.small();
    }

    @BeforeEach
    void save() throws IOException {
        Path path = directory.resolve("good.darq");
        model.save(path);
        good = Files.readAllBytes(path);
    }

    @Test
    void truncatedAtAnyByteItIsRefused() throws IOException {
        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length));
        }
    }

    @Test
    void aSingleChangedBitInAnyByteIsNoticed() throws IOException {
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << i % Byte.SIZE);
            assertRefused(bad);
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
        Forgery.assertRefused(path);
    }
}
