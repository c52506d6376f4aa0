package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Layers of all kinds and sizes, each against formulas.md written out number by number. */
final class KernelCases {
    static final int[] COLUMNS = {1, 3, 63, 64, 65, 127, 784, 1000};
    static final int[] ROWS = {1, 7, 8, 9, 10, 17, 256};

    /** 1..4098: the powers of two, one less and one more, and primes; fewer where they are dense. */
    static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 32, 33, 61, 63, 64, 65, 127, 128, 129, 251,
            255,
            256, 257, 509, 511, 512, 513, 1021, 1023, 1024, 1025, 2039, 2047, 2048, 2049, 4093, 4095, 4096, 4097, 4098};

    /** What the bits of weights and inputs are filled with. */
    enum Fill {
        RANDOM, ALL_MINUS, ALL_PLUS, ALTERNATING, ONE_BIT;

        /** The code at a place of a row of codes. */
        int code(Random random, int bits, int index, int count) {
            int all = (1 << bits) - 1;
            return switch (this) {
                case RANDOM -> random.nextInt(all + 1);
                case ALL_MINUS -> 0;
                case ALL_PLUS -> all;
                case ALTERNATING -> index % 2 * all;
                case ONE_BIT -> index == count - 1 ? 1 << bits - 1 : 0;
            };
        }
    }

    private final List<KernelProvider> providers;

    KernelCases(List<KernelProvider> providers) {
        this.providers = providers;
    }

    /** Bases and offsets of whole numbers: every result is a whole number that float32 holds, so equality is exact. */
    void wholeNumbersAreExact(int weightBits, int inputBits, int[] columnCounts, int[] rowCounts) {
        Random random = new Random(31L * weightBits + inputBits);
        for (int columns : columnCounts) {
            for (int rows : rowCounts) {
                float[] basis = wholeNumbers(random, rows * weightBits, 3);
                float[] offset = wholeNumbers(random, rows, 3);
                int[] codes = random.ints((long) rows * columns, 0, 1 << weightBits).toArray();
                BinaryCode weights = BinaryCode.fromCodes(rows, columns, weightBits, basis, offset, codes);
                ActivationCode input = wholeInput(random, inputBits);
                float[] bias = wholeNumbers(random, rows, 100);
                float[] x = wholeNumbers(random, columns, 8);
                double[] expected = expected(weights, codes, input, bias, x);
                for (KernelProvider provider : providers) {
                    float[] actual = Providers.run(provider, new Linear("l", weights, input, bias), x);
                    for (int row = 0; row < rows; row++) {
                        assertEquals(expected[row], actual[row], provider + " " + weightBits + "x" + inputBits + " ["
                                + rows + ", " + columns + "] row " + row);
                    }
                }
            }
        }
    }

    /**
     * The integer part alone: small whole bases, so that whatever is added up stays a whole number, or a half, which float32
     * holds; every code is then in the result, and one wrong bit changes it. Three different samples, as one batch.
     */
    void integerPartsAreExact(int weightBits, int inputBits, int columns, int rows, Fill weightFill, Fill inputFill) {
        Random random = new Random(columns * 31L + rows);
        float[] basis = new float[rows * weightBits];
        for (int i = 0; i < basis.length; i++) {
            basis[i] = 1 + i % 2;
        }
        int[] codes = new int[rows * columns];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = weightFill.code(random, weightBits, i % columns, columns);
        }
        BinaryCode weights = BinaryCode.fromCodes(rows, columns, weightBits, basis, new float[rows], codes);
        int lowest = -(1 << inputBits - 1);
        ActivationCode input = new UniformActivation(inputBits, 1, 0, lowest, -lowest - 1);
        Linear linear = new Linear("l", weights, input, wholeNumbers(random, rows, 100));
        float[] batch = new float[3 * columns];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = lowest + inputFill.code(random, inputBits, i % columns, columns);
        }
        double[] expected = new double[3 * rows];
        for (int sample = 0; sample < 3; sample++) {
            float[] x = Arrays.copyOfRange(batch, sample * columns, (sample + 1) * columns);
            System.arraycopy(expected(weights, codes, input, linear.bias(), x), 0, expected, sample * rows, rows);
        }
        for (KernelProvider provider : providers) {
            float[] actual = Providers.run(provider, linear, batch);
            for (int i = 0; i < expected.length; i++) {
                if (expected[i] != actual[i]) {
                    fail(provider + " " + weightBits + "x" + inputBits + " [" + rows + ", " + columns + "] "
                            + weightFill
                            + " " + inputFill + " row " + i % rows + " of sample " + i / rows + ": expected "
                            + expected[i] + ", got " + actual[i]);
                }
            }
        }
    }

    private static ActivationCode wholeInput(Random random, int bits) {
        if (random.nextBoolean()) {
            int lowest = -random.nextInt(1 << bits);
            return new UniformActivation(bits, 1, random.nextInt(5) - 2, lowest, lowest + (1 << bits) - 1);
        }
        return new LevelActivation(wholeNumbers(random, bits, 3), random.nextInt(5) - 2);
    }

    private static float[] wholeNumbers(Random random, int count, int most) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextInt(2 * most + 1) - most;
        }
        return numbers;
    }

    /** Gaussian numbers: near the double reference, and the same bits from every provider. */
    void providersAgree(int weightBits, int inputBits, int columns, int rows) {
        Random random = new Random(columns * 1000L + rows * 64L + weightBits * 8L + inputBits);
        float[] basis = gaussian(random, rows * weightBits);
        float[] offset = gaussian(random, rows);
        int[] codes = random.ints((long) rows * columns, 0, 1 << weightBits).toArray();
        BinaryCode weights = BinaryCode.fromCodes(rows, columns, weightBits, basis, offset, codes);
        ActivationCode input = random.nextBoolean()
                ? new UniformActivation(inputBits, 0.37f, 0.01f, -(1 << inputBits - 1),
                        (1 << inputBits - 1) - 1)
                : new LevelActivation(gaussian(random, inputBits), (float) random.nextGaussian());
        Linear linear = new Linear("l", weights, input, gaussian(random, rows));
        float[] x = gaussian(random, columns);
        double[] expected = expected(weights, codes, input, linear.bias(), x);
        agree(linear, x, expected, 1e-5 * (columns + 10) * weightBits * inputBits);
    }

    private void agree(Linear linear, float[] x, double[] expected, double tolerance) {
        float[] first = Providers.run(providers.get(0), linear, x);
        for (int row = 0; row < expected.length; row++) {
            assertEquals(expected[row], first[row], tolerance, "row " + row);
        }
        for (KernelProvider provider : providers) {
            assertArrayEquals(first, Providers.run(provider, linear, x),
                    provider + " differs from " + providers.get(0));
        }
    }

    /** Weights or inputs of 16 and 32 bits. */
    void wideCodesAgree(WeightCode weights, ActivationCode input) {
        Random random = new Random(weights.rows() * 31L + weights.columns());
        float[] x = gaussian(random, weights.columns());
        float[] bias = gaussian(random, weights.rows());
        float[] decoded = weights.decode();
        double[] expected = new double[weights.rows()];
        for (int row = 0; row < weights.rows(); row++) {
            expected[row] = bias[row];
            for (int column = 0; column < weights.columns(); column++) {
                expected[row] += (double) decoded[row * weights.columns() + column] * input.quantize(x[column]);
            }
        }
        agree(new Linear("l", weights, input, bias), x, expected, 1e-5 * (weights.columns() + 10));
    }

    static float[] gaussian(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** {@code bias + sum_k w_k x_k} in double, w and x written out as offset plus signed basis. */
    private static double[] expected(BinaryCode weights, int[] codes, ActivationCode input, float[] bias, float[] x) {
        int columns = weights.columns();
        double[] inputs = new double[columns];
        for (int k = 0; k < columns; k++) {
            inputs[k] = decodedInput(input, x[k]);
        }
        double[] y = new double[weights.rows()];
        for (int row = 0; row < y.length; row++) {
            double[] levels = new double[1 << weights.bits()];
            for (int code = 0; code < levels.length; code++) {
                levels[code] = weights.offset()[row];
                for (int i = 0; i < weights.bits(); i++) {
                    double a = weights.basis()[row * weights.bits() + i];
                    levels[code] += (code & 1 << i) != 0 ? a : -a;
                }
            }
            y[row] = bias[row];
            for (int k = 0; k < columns; k++) {
                y[row] += levels[codes[row * columns + k]] * inputs[k];
            }
        }
        return y;
    }

    static double decodedInput(ActivationCode input, float x) {
        if (input instanceof UniformActivation uniform) {
            double position = (x - uniform.offset()) / uniform.scale();
            double q = Math.rint(Math.min(uniform.highest(), Math.max(uniform.lowest(), position)));
            return q * uniform.scale() + uniform.offset();
        }
        BinaryLevels levels = ((LevelActivation) input).levels();
        int index = 0;
        for (float threshold : levels.thresholds()) {
            index += x >= threshold ? 1 : 0;
        }
        int code = levels.codes()[index];
        LevelActivation level = (LevelActivation) input;
        double value = level.offset();
        for (int i = 0; i < level.bits(); i++) {
            value += (code & 1 << i) != 0 ? level.basis()[i] : -level.basis()[i];
        }
        return value;
    }

    /** What a JVM with narrower vectors runs; see {@link NarrowVectorsTest}. */
    public static void main(String[] arguments) {
        assertEquals(arguments[0], KernelProvider.get().name());
        KernelCases cases = new KernelCases(List.of(new ScalarProvider(), KernelProvider.get()));
        for (int bits = 1; bits <= 8; bits++) {
            cases.wholeNumbersAreExact(9 - bits, bits, new int[] {3, 64, 127}, new int[] {1, 9, 17});
            cases.providersAgree(bits, bits, 100, 13);
            for (int size = 1; size < 300; size += 23) {
                cases.integerPartsAreExact(bits, 9 - bits, size, 5, Fill.RANDOM, Fill.RANDOM);
                cases.integerPartsAreExact(bits, bits, 5, size, Fill.RANDOM, Fill.ALTERNATING);
            }
            EncoderCases.check(KernelProvider.get(), bits);
        }
        for (ActivationFunction function : ActivationFunction.values()) {
            FunctionCases.check(KernelProvider.get(), function);
        }
        cases.wideCodesAgree(new FloatWeights(19, 7, 32, gaussian(new Random(1), 19 * 7)), new FloatActivation(32));
    }
}
