package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel that can run a layer gives its results, whatever the batch. */
class KernelChoiceTest {
    private static final int[] BATCHES = {1, 2, 3, 5, 8, 9, 24};

    @AfterEach
    void forceNothing() {
        System.clearProperty(Kernel.PROPERTY);
    }

    @ParameterizedTest
    @MethodSource("dev.darq.kernels.LinearKernelsTest#bitPairs")
    void popcountLookupAndIntegerKernelsGiveTheSameBits(int weightBits, int inputBits) {
        for (int columns : new int[] {1, 31, 64, 130, 257, 784}) {
            for (int rows : new int[] {1, 10, 65, 130}) {
                Linear linear = even(weightBits, inputBits, columns, rows);
                float[] x = KernelCases.gaussian(new Random(columns), columns);
                float[] expected = run(Kernel.POPCOUNT, new ScalarProvider(), linear, x);
                for (KernelProvider provider : Providers.all()) {
                    for (Kernel kernel : List.of(Kernel.POPCOUNT, Kernel.LOOKUP, Kernel.INTEGER)) {
                        assertArrayEquals(expected, run(kernel, provider, linear, x), provider + " " + kernel);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.kernels.LinearKernelsTest#bitPairs")
    void lookedUpSumsOfAnyWeightsAreThoseOfPopcount(int weightBits, int inputBits) {
        Random random = new Random(weightBits * 8L + inputBits);
        UniformActivation uniform = new UniformActivation(inputBits, 0.3f, -0.2f, -1, (1 << inputBits) - 2);
        ActivationCode input = inputBits == 1 ? new LevelActivation(new float[] {0.7f}, 0.2f) : uniform;
        for (int columns : new int[] {1, 5, 6, 7, 64, 383, 1000}) {
            for (int rows : new int[] {1, 63, 64, 65, 129, 300}) {
                Linear linear = TestModels.binary(random, "l", rows, columns, weightBits, input);
                assertLookupIsPopcount(linear, KernelCases.gaussian(random, 3 * columns));
            }
        }
    }

    /** More inputs than 16 bits can add up, and all of them the largest. */
    @ParameterizedTest
    @CsvSource({"1,1,65600", "2,2,22000", "2,3,9400", "1,4,4400", "3,4,9001", "1,5,4400", "2,8,8800"})
    void lookedUpSumsBeyond16BitsAreThoseOfPopcount(int weightBits, int inputBits, int columns) {
        Random random = new Random(columns);
        UniformActivation input = new UniformActivation(inputBits, 0.3f, -0.2f, -1, (1 << inputBits) - 2);
        int[] codes = new int[2 * columns];
        Arrays.fill(codes, (1 << weightBits) - 1);
        BinaryCode weights = BinaryCode.fromCodes(2, columns, weightBits, KernelCases.gaussian(random, 2 * weightBits),
                KernelCases.gaussian(random, 2), codes);
        float[] x = new float[columns];
        Arrays.fill(x, 1e6f);
        assertLookupIsPopcount(new Linear("l", weights, input, new float[2]), x);
    }

    private static void assertLookupIsPopcount(Linear linear, float[] x) {
        float[] expected = run(Kernel.POPCOUNT, new ScalarProvider(), linear, x);
        for (KernelProvider provider : Providers.all()) {
            for (Kernel kernel : List.of(Kernel.POPCOUNT, Kernel.LOOKUP)) {
                float[] actual = run(kernel, provider, linear, x);
                assertArrayEquals(expected, actual, provider + " " + kernel + " " + linear.weights().rows() + "x"
                        + linear.weights().columns());
            }
        }
    }

    /** The sums of 16-bit products must not overflow where every product is the largest. */
    @ParameterizedTest
    @MethodSource("dev.darq.kernels.LinearKernelsTest#bitPairs")
    void extremeCodesDoNotOverflow(int weightBits, int inputBits) {
        int columns = 700;
        for (int code : new int[] {0, (1 << weightBits) - 1}) {
            int[] codes = new int[3 * columns];
            Arrays.fill(codes, code);
            float[] basis = new float[3 * weightBits];
            for (int i = 0; i < basis.length; i++) {
                basis[i] = 1 << i % weightBits;
            }
            BinaryCode weights = BinaryCode.fromCodes(3, columns, weightBits, basis, new float[3], codes);
            UniformActivation input = new UniformActivation(inputBits, 2, 0, 0, (1 << inputBits) - 1);
            Linear linear = new Linear("l", weights, input, new float[3]);
            for (float extreme : new float[] {-1000, 1000}) {
                float[] x = new float[columns];
                Arrays.fill(x, extreme);
                // The input's value is 2q = (2q - m) + m: T plus m times the sum of the weights.
                int most = (1 << weightBits) - 1;
                float q = extreme < 0 ? 0 : (1 << inputBits) - 1;
                float expected = columns * (code == 0 ? -most : most) * 2f * q;
                for (KernelProvider provider : Providers.all()) {
                    for (Kernel kernel : Kernel.values()) {
                        assertEquals(expected, run(kernel, provider, linear, x)[2], Math.abs(expected) * 1e-5f,
                                provider + " " + kernel);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.kernels.LinearKernelsTest#bitPairs")
    void aBatchGivesWhatSingleRunsOfEveryKernelGive(int weightBits, int inputBits) {
        int columns = 130;
        Random random = new Random(weightBits);
        for (Linear linear : List.of(even(weightBits, inputBits, columns, 70),
                TestModels.binary(random, "l", 70, columns, weightBits,
                        new LevelActivation(KernelCases.gaussian(random, inputBits), 0.1f)))) {
            for (Kernel kernel : Arrays.stream(Kernel.values()).filter(k -> k.runs(linear)).toList()) {
                for (KernelProvider provider : Providers.all()) {
                    for (int batch : BATCHES) {
                        float[] x = KernelCases.gaussian(random, batch * columns);
                        float[] actual = run(kernel, provider, linear, x);
                        for (int sample = 0; sample < batch; sample++) {
                            float[] one = Arrays.copyOfRange(x, sample * columns, (sample + 1) * columns);
                            assertArrayEquals(run(kernel, provider, linear, one),
                                    Arrays.copyOfRange(actual, sample * 70, (sample + 1) * 70),
                                    provider + " " + kernel + " sample " + sample + " of " + batch);
                        }
                    }
                }
            }
        }
    }

    @Test
    void aKernelIsForcedWhereItCanRunTheLayer() {
        Linear even = even(3, 3, 20, 4);
        Linear floats = new Linear("l", new FloatWeights(1, 1, 32, new float[1]), new FloatActivation(32),
                new float[1]);
        System.setProperty(Kernel.PROPERTY, "integer");
        assertEquals(Kernel.INTEGER, Kernel.of(even, 1));
        assertEquals(Kernel.FLOAT32, Kernel.of(floats, 1));
        System.setProperty(Kernel.PROPERTY, "fastest");
        IllegalStateException error = assertThrows(IllegalStateException.class,
                () -> Kernel.of(even, 1));
        assertEquals("darq.kernel: expected popcount, lookup, integer, float32, got fastest", error.getMessage());
    }

    @Test
    void aSessionNamesTheKernelOfEachOperation() {
        System.setProperty(Kernel.PROPERTY, "float32");
        Session session = TestModels.everyKind().session();
        assertEquals("float32", session.kernelOf(0));
        assertEquals("function", session.kernelOf(1));
    }

    /** Sums too large for an int are not even, however even the bases. */
    @Test
    void theIntegerKernelRefusesSumsBeyondAnInt() {
        assertEquals(true, Kernel.INTEGER.runs(even(8, 8, 33_025, 1)));
        assertEquals(false, Kernel.INTEGER.runs(even(8, 8, 33_026, 1)));
        assertEquals(true, Kernel.POPCOUNT.runs(even(8, 8, 33_026, 1)));
    }

    private static float[] run(Kernel kernel, KernelProvider provider, Linear linear, float[] x) {
        System.setProperty(Kernel.PROPERTY, kernel.toString());
        return Providers.run(provider, linear, x);
    }

    static Linear even(int weightBits, int inputBits, int columns, int rows) {
        Random random = new Random(columns * 31L + rows);
        int[] codes = random.ints((long) rows * columns, 0, 1 << weightBits).toArray();
        float[] basis = new float[rows * weightBits];
        for (int row = 0; row < rows; row++) {
            float scale = 0.1f + random.nextFloat();
            for (int i = 0; i < weightBits; i++) {
                basis[row * weightBits + i] = Math.scalb(scale, i - 1);
            }
        }
        BinaryCode weights = BinaryCode.fromCodes(rows, columns, weightBits, basis, KernelCases.gaussian(random, rows),
                codes);
        int lowest = -(1 << inputBits) / 3;
        UniformActivation input = new UniformActivation(inputBits, 3f / (1 << inputBits), 0.1f, lowest,
                lowest + (1 << inputBits) - 1);
        return new Linear("even", weights, input, KernelCases.gaussian(random, rows));
    }
}
