package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupedWeightsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** Two outputs of five inputs in groups of two: three groups each, half of the third not read. */
    private static GroupedWeights integers() {
        short[] codes = {1, 2, 3, 4, 5, 99, -1, -2, -3, -4, -5, 99};
        return new GroupedWeights(2, 5, new IntegerWeights(6, 2, codes, new float[] {1, 10, 100, 2, 20, 200}));
    }

    private static PackedModel model() {
        Random random = new Random(5);
        BinaryCode binary = BinaryCode.fromCodes(12, 16, 2, KernelCases.gaussian(random, 24),
                KernelCases.gaussian(random, 12), random.ints(12 * 16, 0, 4).toArray());
        return new PackedModel(List.of(
                new Linear("first", new GroupedWeights(3, 50, binary),
                        new LevelActivation(new float[] {0.25f, 0.5f}, 0.125f), new float[3]),
                new Linear("second", new FloatWeights(5, 3, 32, KernelCases.gaussian(random, 15)),
                        new TokenActivation(8), new float[5]),
                new Linear("third", integers(), new TokenActivation(4), new float[2])), Map.of());
    }

    @Test
    void eachGroupHasAScaleOfItsOwnAndThePaddingIsLeftOut() {
        assertArrayEquals(new float[] {1, 2, 30, 40, 500, -2, -4, -60, -80, -1000}, integers().decode());
        assertEquals(16, integers().bits());
    }

    @Test
    void aGroupedLayerComputesWhatItsDecodedWeightsDo() {
        KernelCases cases = new KernelCases(Providers.all());
        GroupedWeights grouped = assertInstanceOf(GroupedWeights.class,
                ((Linear) model().operations().getFirst()).weights());
        cases.wideCodesAgree(grouped, new LevelActivation(new float[] {0.25f, 0.5f}, 0.125f));
        cases.wideCodesAgree(grouped, new FloatActivation(32));
    }

    @Test
    void aFileHoldsGroupsAndInputsScaledBySample() throws IOException {
        Path first = directory.resolve("first.darq");
        Path second = directory.resolve("second.darq");
        model().save(first);
        PackedModel loaded = PackedModel.load(first);
        assertArrayEquals(TestModels.run(model()), TestModels.run(loaded));
        assertEquals(new TokenActivation(4), ((Linear) loaded.operations().getLast()).input());
        loaded.save(second);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    @Test
    void aGroupSizeThatDoesNotFitTheTensorsIsRefused() throws IOException {
        Path path = directory.resolve("model.darq");
        model().save(path);
        String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        for (String size : new String[] {"15", "17", "00", "-1", "1e"}) {
            // The checksum is checked before; FORMAT.md: eight digits, taken as zeros.
            byte[] changed = text.replaceFirst("group\\\\\":16", "group\\\\\":" + size)
                    .getBytes(StandardCharsets.ISO_8859_1);
            Files.write(path, Forgery.checksummed(changed));
            assertThrows(PackedFormatException.class, () -> PackedModel.load(path), size);
        }
    }

    @Test
    void groupsThatDoNotMakeUpTheMatrixAreRefused() {
        IntegerWeights groups = new IntegerWeights(6, 2, new short[12], TestModels.filled(6, 1));
        assertEquals("expected 2 groups of 2 inputs for each of 2 outputs, got 6",
                assertThrows(IllegalArgumentException.class, () -> new GroupedWeights(2, 4, groups)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new GroupedWeights(1, 2, integers()));
    }
}
