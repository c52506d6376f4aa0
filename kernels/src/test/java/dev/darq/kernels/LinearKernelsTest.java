package dev.darq.kernels;

import dev.darq.kernels.KernelCases.Fill;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,1", "2,2", "3,3", "2,4", "4,4", "5,3", "1,8", "4,8", "8,4", "8,8"})
    void integerPartsAreExactAtEverySizeInBothDimensions(int weightBits, int inputBits) {
        for (int size : KernelCases.SIZES) {
            for (int other : new int[] {1, 9}) {
                cases.integerPartsAreExact(weightBits, inputBits, size, other, Fill.RANDOM, Fill.RANDOM);
                cases.integerPartsAreExact(weightBits, inputBits, other, size, Fill.RANDOM, Fill.RANDOM);
            }
        }
        cases.integerPartsAreExact(weightBits, inputBits, 1021, 509, Fill.RANDOM, Fill.RANDOM);
    }

    /** All bits equal or all different: the popcounts take their extreme values. */
    @ParameterizedTest
    @MethodSource("bitPairs")
    void extremeFillsAreExact(int weightBits, int inputBits) {
        int longest = weightBits == inputBits ? 4098 : 1021;
        for (int columns : new int[] {1, 61, 64, 129, longest}) {
            for (Fill weights : Fill.values()) {
                for (Fill inputs : Fill.values()) {
                    cases.integerPartsAreExact(weightBits, inputBits, columns, 9, weights, inputs);
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
