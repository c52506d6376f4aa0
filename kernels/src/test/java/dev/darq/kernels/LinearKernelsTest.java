package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LinearKernelsTest {
    private final KernelCases cases = new KernelCases(Providers.all());

    static Stream<Arguments> bitPairs() {
        return IntStream.rangeClosed(1, 8).boxed()
                .flatMap(weights -> IntStream.rangeClosed(1, 8).mapToObj(inputs -> Arguments.of(weights, inputs)));
    }

    @ParameterizedTest
    @MethodSource("bitPairs")
    void productsOfWholeNumbersAreExactAtEverySize(int weightBits, int inputBits) {
        cases.wholeNumbersAreExact(weightBits, inputBits, KernelCases.COLUMNS, KernelCases.ROWS);
    }

    @ParameterizedTest
    @MethodSource("bitPairs")
    void productsOfRealNumbersAreNearTheReferenceAndTheSameBitsFromEveryProvider(int weightBits, int inputBits) {
        for (int columns : new int[] {1, 65, 784}) {
            for (int rows : new int[] {1, 9, 17}) {
                cases.providersAgree(weightBits, inputBits, columns, rows);
            }
        }
    }

    /** All bits equal or all different: the popcounts take their extreme values. */
    @Test
    void extremeFillsAreExact() {
        for (int columns : KernelCases.COLUMNS) {
            for (int code : new int[] {0, 3}) {
                int[] codes = new int[10 * columns];
                Arrays.fill(codes, code);
                float[] basis = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2};
                BinaryCode weights = BinaryCode.fromCodes(10, columns, 2, basis, new float[10], codes);
                LevelActivation input = new LevelActivation(new float[] {1, 2}, 0);
                float[] x = new float[columns];
                Arrays.fill(x, 100);
                float[] expected = new float[10];
                Arrays.fill(expected, (code == 0 ? -9f : 9f) * columns);
                for (KernelProvider provider : Providers.all()) {
                    float[] actual = Providers.run(provider, new Linear("l", weights, input, new float[10]), x);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    @Test
    void wideCodesAreNearTheReferenceAndTheSameBitsFromEveryProvider() {
        Random random = new Random(7);
        for (int columns : KernelCases.COLUMNS) {
            for (int rows : new int[] {1, 7, 16, 17, 31, 33, 65, 256}) {
                float[] values = KernelCases.gaussian(random, rows * columns);
                FloatWeights floats = new FloatWeights(rows, columns, 32, values);
                cases.wideCodesAgree(floats, new FloatActivation(32));
                cases.wideCodesAgree(floats, new FloatActivation(16));
                cases.wideCodesAgree(floats, new UniformActivation(4, 0.3f, 0.1f, -8, 7));
                cases.wideCodesAgree(floats, new LevelActivation(new float[] {0.3f, 0.6f, 1.1f}, 0.05f));
            }
        }
    }

    @Test
    void integerAndHalfWeightsTakeAnyInput() {
        Random random = new Random(8);
        short[] codes = new short[9 * 65];
        float[] halves = new float[9 * 65];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (short) random.nextInt();
            halves[i] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
        }
        float[] scale = new float[9];
        Arrays.fill(scale, 3e-5f);
        cases.wideCodesAgree(new IntegerWeights(9, 65, codes, scale), new UniformActivation(8, 0.02f, 0, -128, 127));
        cases.wideCodesAgree(new IntegerWeights(9, 65, codes, scale),
                new UniformActivation(16, 2e-4f, 0, -32768, 32767));
        cases.wideCodesAgree(new FloatWeights(9, 65, 16, halves), new FloatActivation(16));
        cases.wideCodesAgree(BinaryCode.fromCodes(9, 65, 1, new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, new float[9],
                new byte[9 * 65]), new FloatActivation(32));
    }
}
