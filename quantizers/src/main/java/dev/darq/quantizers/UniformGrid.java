package dev.darq.quantizers;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.UniformActivation;
import dev.darq.kernels.WeightCode;
import java.util.Arrays;

/**
 * The grid {@code offset + scale * {lowest, ..., highest}}, shared by the uniform schemes. The order of operations is
 * that of the kernels' encoder, so that both round every value alike.
 *
 * @param scale   step between levels, positive
 * @param offset  value of code 0
 * @param lowest  lowest integer code
 * @param highest highest integer code
 */
record UniformGrid(float scale, float offset, int lowest, int highest) {
    /** Adding and subtracting this rounds half to even, for absolute values up to 2^22. */
    private static final float ROUND = 12_582_912f;

    static UniformGrid symmetric(float scale, int bits) {
        int highest = (1 << (bits - 1)) - 1;
        return new UniformGrid(scale, 0, -highest, highest);
    }

    static float round(float value) {
        return (value + ROUND) - ROUND;
    }

    float code(float value) {
        return round(Math.min(Math.max((value - offset) / scale, lowest), highest));
    }

    void forward(float[] data, int from, int length, float[] quantized) {
        float low = lowest;
        float high = highest;
        for (int i = from; i < from + length; i++) {
            float code = round(Math.min(Math.max((data[i] - offset) / scale, low), high));
            quantized[i] = code * scale + offset;
        }
    }

    UniformActivation freeze(int bits) {
        return new UniformActivation(bits, scale, offset, lowest, highest);
    }

    /** Freezes weights on one grid a row: binary codes up to 8 bits (formulas: a_i = s 2^(i-1)), integers above. */
    static WeightCode freezeWeights(UniformGrid[] grids, int bits, float[] weights, int rows, int columns) {
        if (bits > 8) {
            short[] codes = new short[rows * columns];
            float[] scale = new float[rows];
            for (int r = 0; r < rows; r++) {
                scale[r] = grids[r].scale;
                for (int i = r * columns; i < (r + 1) * columns; i++) {
                    codes[i] = (short) grids[r].code(weights[i]);
                }
            }
            return new IntegerWeights(rows, columns, codes, scale);
        }
        int[] codes = new int[rows * columns];
        float[] basis = new float[rows * bits];
        float[] offset = new float[rows];
        for (int r = 0; r < rows; r++) {
            UniformGrid grid = grids[r];
            for (int k = 0; k < bits; k++) {
                basis[r * bits + k] = grid.scale * (1 << k) / 2;
            }
            offset[r] = (float) (grid.scale * (((1 << bits) - 1) / 2.0 + grid.lowest) + grid.offset);
            for (int i = r * columns; i < (r + 1) * columns; i++) {
                codes[i] = (int) grid.code(weights[i]) - grid.lowest;
            }
        }
        return BinaryCode.fromCodes(rows, columns, bits, basis, offset, codes);
    }

    static WeightCode freezeWeights(UniformGrid grid, int bits, float[] weights, int rows, int columns) {
        UniformGrid[] grids = new UniformGrid[rows];
        Arrays.fill(grids, grid);
        return freezeWeights(grids, bits, weights, rows, columns);
    }
}
