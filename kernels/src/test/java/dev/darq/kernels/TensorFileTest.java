package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorFileTest {
    private static final String FORMAT = "darq-test";

    @TempDir
    private Path folder;

    private static TensorFile file(float first) {
        Map<String, Object> arrays = new LinkedHashMap<>();
        arrays.put("a/floats", new float[] {first, Float.NaN, Float.NEGATIVE_INFINITY, -0f});
        arrays.put("doubles", new double[] {Math.PI});
        arrays.put("longs", new long[] {Long.MIN_VALUE, 3});
        return new TensorFile(Map.of("note", "zw\u00f6lf \"\n"), arrays);
    }

    private Path save(float first) throws IOException {
        Path path = folder.resolve("state.safetensors");
        file(first).save(path, FORMAT, 3);
        return path;
    }

    private static void assertHolds(float first, Path path) throws IOException {
        TensorFile read = TensorFile.load(path, FORMAT, 3);
        assertEquals(file(first).texts(), read.texts());
        assertEquals(file(first).arrays().keySet(), read.arrays().keySet());
        assertArrayEquals((float[]) file(first).arrays().get("a/floats"), (float[]) read.arrays().get("a/floats"));
        assertArrayEquals((double[]) file(first).arrays().get("doubles"), (double[]) read.arrays().get("doubles"));
        assertArrayEquals((long[]) file(first).arrays().get("longs"), (long[]) read.arrays().get("longs"));
    }

    @AfterEach
    void letTheDiskWork() {
        AtomicFile.observer = (_, _) -> {};
    }

    @Test
    void whatIsSavedIsLoadedBitForBit() throws IOException {
        assertHolds(1, save(1));
    }

    @Test
    void everyTruncationAndEveryFlippedBitIsRefused() throws IOException {
        Path path = save(1);
        byte[] good = Files.readAllBytes(path);
        for (int at = 0; at < good.length; at++) {
            byte[] flipped = good.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(path, flipped);
            assertThrows(PackedFormatException.class, () -> TensorFile.load(path, FORMAT, 3));
            Files.write(path, Arrays.copyOf(good, at));
            assertThrows(PackedFormatException.class, () -> TensorFile.load(path, FORMAT, 3));
        }
    }

    @Test
    void anotherFormatOrVersionIsRefusedByName() throws IOException {
        Path path = save(1);
        String version = String.valueOf(assertThrows(PackedFormatException.class,
                () -> TensorFile.load(path, FORMAT, 4)).getMessage());
        assertTrue(version.endsWith("expected version 4, found version 3"), version);
        assertThrows(PackedFormatException.class, () -> TensorFile.load(path, "darq", 3));
        assertThrows(PackedFormatException.class, () -> PackedModel.load(path));
    }

    /** As a full or failing disk does, at each of its chances. */
    @ParameterizedTest
    @EnumSource(value = AtomicFile.Step.class, names = {"WRITTEN", "FORCED"})
    void aDiskThatRefusesLeavesTheOldFileAndNothingElse(AtomicFile.Step when) throws IOException {
        Path path = save(1);
        AtomicFile.observer = (step, _) -> {
            if (step == when) {
                throw new IOException("No space left on device");
            }
        };
        assertThrows(IOException.class, () -> save(2));
        assertHolds(1, path);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void whatAKilledProcessLeftUnfinishedIsRemovedAndNothingElse() throws IOException {
        Path path = save(1);
        Files.writeString(folder.resolve("notes.tmp"), "mine");
        Files.createDirectory(folder.resolve("sub"));
        AtomicFile.observer = (step, temporary) -> {
            // A copy stands for what is left when the process dies here.
            try (Stream<Path> files = Files.list(folder)) {
                Path unfinished = files.filter(file -> file.toString().contains(".tmp") && !file.endsWith("notes.tmp"))
                        .findAny().orElseThrow();
                Files.copy(unfinished, folder.resolve("sub").resolve(unfinished.getFileName()));
            }
            throw new IOException("killed");
        };
        assertThrows(IOException.class, () -> save(2));
        AtomicFile.removeUnfinished(folder);
        try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
            assertEquals(List.of("notes.tmp", "state.safetensors"),
                    files.map(file -> String.valueOf(file.getFileName())).sorted().toList());
        }
        assertHolds(1, path);
    }
}
