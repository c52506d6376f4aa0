package dev.darq.experiments.naive;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import java.util.Arrays;

/**
 * The loop of the thesis: planes in words of 32 bits, {@code Integer.bitCount(w ^ x)} word by word, plane pair by plane
 * pair, row by row; each input is encoded by a search among the thresholds. The thesis has no offsets; here those of the
 * inputs go into the bias, once, and those of the weights are multiplied with the sum of the inputs.
 */
final class BitLoop implements NaiveNetwork.Step {
    private final BinaryCode code;
    private final LevelActivation input;
    private final float[] bias;
    private final int words;
    /** {@code [rows, bits, words]}. */
    private final int[] weights;
    /** {@code [bits, words]}. */
    private final int[] planes;
    private final float[] y;

    BitLoop(Linear linear) {
        if (!(linear.weights() instanceof BinaryCode binary && linear.input() instanceof LevelActivation levels)) {
            throw new IllegalArgumentException("layer " + linear.name()
                    + ": expected binary codes of weights and inputs, got "
                    + linear.weights().getClass().getSimpleName()
                    + " and " + linear.input().getClass().getSimpleName());
        }
        code = binary;
        input = levels;
        words = (code.columns() + 31) / 32;
        weights = words(code, words);
        planes = new int[input.bits() * words];
        bias = bias(linear, input.offset());
        y = new float[code.rows()];
    }

    /** The planes of the weights, in words of half the length. */
    private static int[] words(BinaryCode code, int words) {
        int[] halves = new int[code.rows() * code.bits() * words];
        int longs = (code.columns() + 63) / 64;
        for (int i = 0; i < halves.length; i++) {
            long pair = code.planes()[i / words * longs + i % words / 2];
            halves[i] = (int) (pair >>> 32 * (i % words % 2));
        }
        return halves;
    }

    private static float[] bias(Linear linear, float inputOffset) {
        float[] decoded = linear.weights().decode();
        int columns = linear.weights().columns();
        float[] bias = new float[linear.weights().rows()];
        for (int row = 0; row < bias.length; row++) {
            double sum = 0;
            for (int column = 0; column < columns; column++) {
                sum += decoded[row * columns + column];
            }
            bias[row] = (float) (linear.bias()[row] + inputOffset * sum);
        }
        return bias;
    }

    @Override
    public float[] run(float[] x, int xAt) {
        encode(x, xAt);
        float sum = inputSum();
        for (int row = 0; row < y.length; row++) {
            y[row] = bias[row] + code.offset()[row] * sum + product(row);
        }
        return y;
    }

    private void encode(float[] x, int xAt) {
        Arrays.fill(planes, 0);
        for (int i = 0; i < code.columns(); i++) {
            int level = input.levels().codes()[input.levels().encode(x[xAt + i])];
            for (int bit = 0; bit < input.bits(); bit++) {
                planes[bit * words + (i >> 5)] |= (level >> bit & 1) << i;
            }
        }
    }

    /** The sum of the inputs without their offset. */
    private float inputSum() {
        float sum = 0;
        for (int bit = 0; bit < input.bits(); bit++) {
            int set = 0;
            for (int word = 0; word < words; word++) {
                set += Integer.bitCount(planes[bit * words + word]);
            }
            sum += input.basis()[bit] * (2 * set - code.columns());
        }
        return sum;
    }

    private float product(int row) {
        int bits = code.bits();
        float sum = 0;
        for (int i = 0; i < bits; i++) {
            for (int j = 0; j < input.bits(); j++) {
                int wAt = (row * bits + i) * words;
                int xAt = j * words;
                int different = 0;
                for (int word = 0; word < words; word++) {
                    different += Integer.bitCount(weights[wAt + word] ^ planes[xAt + word]);
                }
                sum += code.basis()[row * bits + i] * input.basis()[j] * (code.columns() - 2 * different);
            }
        }
        return sum;
    }
}
