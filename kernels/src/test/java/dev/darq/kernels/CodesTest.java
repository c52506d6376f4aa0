package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CodesTest {
    @Test
    void levelsAscendWithMidpointThresholdsAndTheirCodes() {
        BinaryLevels levels = new BinaryLevels(new float[] {2, 1}, 10);
        assertArrayEquals(new float[] {7, 9, 11, 13}, levels.levels());
        assertArrayEquals(new float[] {8, 10, 12}, levels.thresholds());
        assertArrayEquals(new int[] {0, 2, 1, 3}, levels.codes());
    }

    @Test
    void withOneBitTheThresholdIsTheOffsetItself() {
        float offset = 0.1f;
        BinaryLevels levels = new BinaryLevels(new float[] {-0.3f}, offset);
        assertArrayEquals(new float[] {offset}, levels.thresholds());
        assertArrayEquals(new int[] {1, 0}, levels.codes());
        assertEquals(1, levels.encode(offset));
        assertEquals(0, levels.encode(Math.nextDown(offset)));
    }

    @Test
    void equalLevelsKeepTheOrderOfTheirCodes() {
        assertArrayEquals(new int[] {0, 1, 2, 4, 3, 5, 6, 7},
                new BinaryLevels(new float[] {1, 1, 1}, 0).codes());
        assertArrayEquals(new int[] {0, 1, 2, 3}, new BinaryLevels(new float[] {0, 0}, 0).codes());
    }

    @Test
    void encodingCountsTheThresholdsReached() {
        Random random = new Random(1);
        for (int bits = 1; bits <= 8; bits++) {
            BinaryLevels levels = new BinaryLevels(KernelCases.gaussian(random, bits), 0.3f);
            for (int i = 0; i < 1000; i++) {
                float x = (float) random.nextGaussian() * 4;
                int expected = 0;
                for (float threshold : levels.thresholds()) {
                    expected += x >= threshold ? 1 : 0;
                }
                assertEquals(expected, levels.encode(x));
            }
            assertEquals(0, levels.encode(Float.NaN));
            assertEquals((1 << bits) - 1, levels.encode(Float.POSITIVE_INFINITY));
        }
    }

    @Test
    void binaryCodesDecodeToTheLevelsOfTheirRow() {
        Random random = new Random(2);
        float[] basis = KernelCases.gaussian(random, 2 * 3);
        int[] codes = random.ints(2 * 70, 0, 8).toArray();
        BinaryCode code = BinaryCode.fromCodes(2, 70, 3, basis, new float[] {1, 2}, codes);
        float[] values = code.decode();
        for (int i = 0; i < codes.length; i++) {
            int row = i / 70;
            assertEquals(codes[i], code.code(row, i % 70));
            BinaryLevels levels = new BinaryLevels(Arrays.copyOfRange(basis, row * 3, row * 3 + 3), 1 + row);
            int index = 0;
            while (levels.codes()[index] != codes[i]) {
                index++;
            }
            assertEquals(levels.levels()[index], values[i]);
        }
    }

    @Test
    void bytesAreReadAsUnsignedCodes() {
        BinaryCode code = BinaryCode.fromCodes(1, 2, 8, new float[8], new float[1], new byte[] {(byte) 200, 3});
        assertEquals(200, code.code(0, 0));
        assertEquals(3, code.code(0, 1));
    }

    @Test
    void uniformInputsRoundHalfToEvenAndClamp() {
        UniformActivation code = new UniformActivation(3, 0.5f, 1, -4, 3);
        assertEquals(0, code.code(1.25f));
        assertEquals(2, code.code(1.75f));
        assertEquals(3, code.code(1000));
        assertEquals(-4, code.code(Float.NEGATIVE_INFINITY));
        assertEquals(-4, code.code(Float.NaN));
        assertEquals(2.5f, code.quantize(2.6f));
    }

    @Test
    void integerWeightsAreCodesTimesTheScaleOfTheirRow() {
        assertArrayEquals(new float[] {1, -2, 0.75f, 1},
                new IntegerWeights(2, 2, new short[] {2, -4, 3, 4}, new float[] {0.5f, 0.25f}).decode());
    }

    @Test
    void whatIsOutOfRangeIsRefusedWithExpectedAndActual() {
        float[] one = {1};
        refused("planes[0]: expected zero bits past column 3, got 0x8", () -> new BinaryCode(1, 3, 1, one, one,
                new long[] {8}));
        refused("expected 1..8 bits, got 9", () -> new BinaryCode(1, 3, 9, new float[9], one, new long[9]));
        refused("basis[0]: expected a finite number, got NaN", () -> new BinaryCode(1, 1, 1, new float[] {Float.NaN},
                one, new long[1]));
        refused("planes: expected length 2, got 1", () -> new BinaryCode(1, 65, 1, one, one, new long[1]));
        refused("codes[1]: expected 0..3, got 4",
                () -> BinaryCode.fromCodes(1, 2, 2, new float[2], one, new int[] {0, 4}));
        refused("codes[0]: expected 0..3, got -1",
                () -> BinaryCode.fromCodes(1, 1, 2, new float[2], one, new int[] {-1}));
        refused("scale[0]: expected a positive finite number, got 0.0", () -> new IntegerWeights(1, 1, new short[1],
                new float[1]));
        refused("values[0]: expected a number that a half holds exactly, got 0.1", () -> new FloatWeights(1, 1, 16,
                new float[] {0.1f}));
        refused("expected at most 2^3 ascending codes within -65535..65535, got 0..8",
                () -> new UniformActivation(3, 1, 0, 0, 8));
        refused("levels[0]: expected a finite number, got -Infinity",
                () -> new LevelActivation(new float[] {3e38f, 3e38f}, 0));
        refused("bias: expected length 1, got 2", () -> new Linear("l", new FloatWeights(1, 1, 32, one),
                new FloatActivation(32), new float[2]));
    }

    @Test
    void modelsWhoseOperationsDoNotFitAreRefused() {
        Linear narrow = new Linear("a", new FloatWeights(2, 1, 32, new float[2]), new FloatActivation(32),
                new float[2]);
        Linear same = new Linear("b", new FloatWeights(2, 1, 32, new float[2]), new FloatActivation(32), new float[2]);
        refused("b: expected 2 columns, as many as the layer before has rows, got 1",
                () -> new PackedModel(List.of(narrow, same), Map.of()));
        refused("expected unique operation names, got a twice",
                () -> new PackedModel(List.of(narrow, new Activation("a", ActivationFunction.RELU)), Map.of()));
        refused("expected at least one linear operation, got none",
                () -> new PackedModel(List.of(new Activation("a", ActivationFunction.RELU)), Map.of()));
        refused("expected an operation name of 1..200 characters, got 0",
                () -> new PackedModel(List.of(new Activation("", ActivationFunction.RELU), narrow), Map.of()));
        refused("expected metadata keys of at most 200 characters, got 201",
                () -> new PackedModel(List.of(narrow), Map.of("k".repeat(201), "")));
        refused("expected an operation name of 1..200 characters, got 201",
                () -> new PackedModel(List.of(new Activation("a".repeat(201), ActivationFunction.RELU), narrow),
                        Map.of()));
        refused("metadata k: expected Unicode, got half a surrogate pair",
                () -> new PackedModel(List.of(narrow), Map.of("k", "\uD800")));
    }

    private static void refused(String message, Executable run) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, run).getMessage());
    }
}
