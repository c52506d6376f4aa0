package dev.darq.kernels;

import java.util.Arrays;

/**
 * The levels and thresholds of one basis: every value that {@code offset + sum_i basis_i * b_i}, {@code b_i in {-1,+1}},
 * can take, in ascending order, and the midpoints between them. The one place where they are made, so that a fake
 * quantizer and a packed model agree to the last bit.
 *
 * <p>The relative sum of a code is taken in float64, from zero, in the order i = 0..K-1; a level is {@code offset +
 * relative}, a threshold {@code offset + 0.5 * (relative_k + relative_(k+1))}, so that with one bit the threshold is
 * exactly the offset. Both are rounded to float32 once: the basis {@code s * 2^(i-1)} of a uniform quantizer gives back
 * its levels {@code q * s} to the bit. Equal sums keep the order of their codes.
 *
 * <p>Source: LQ-Nets (Zhang et al., 2018), section 3.
 */
public final class BinaryLevels {
    /** The largest number of bits for which levels are listed. */
    public static final int MOST_BITS = 8;

    private final float[] levels;
    private final float[] thresholds;
    private final int[] codes;

    /**
     * Lists the levels of a basis.
     *
     * @param basis the basis, K of 1..8 finite numbers of any sign and order
     * @param offset the finite value that every level is relative to
     * @throws IllegalArgumentException if K is out of range, or a number or a level is not finite
     */
    public BinaryLevels(float[] basis, float offset) {
        Require.bits(basis.length, 1, MOST_BITS);
        Require.finite("basis", basis);
        Require.finite("offset", offset);
        int count = 1 << basis.length;
        double[] relative = new double[count];
        for (int code = 0; code < count; code++) {
            relative[code] = relative(basis, 0, basis.length, code);
        }
        codes = sorted(relative);
        levels = new float[count];
        thresholds = new float[count - 1];
        for (int k = 0; k < count; k++) {
            levels[k] = (float) (offset + relative[codes[k]]);
        }
        for (int k = 0; k + 1 < count; k++) {
            thresholds[k] = (float) (offset + 0.5 * (relative[codes[k]] + relative[codes[k + 1]]));
        }
        Require.finite("levels", levels);
        Require.finite("thresholds", thresholds);
    }

    /**
     * The codes in the order of their sums, ties in the order of the codes. By insertion: a basis mostly has its sums nearly in
     * order, and training makes levels anew for every channel in every step.
     */
    private static int[] sorted(double[] sums) {
        int[] codes = new int[sums.length];
        for (int code = 0; code < codes.length; code++) {
            int at = code;
            for (; at > 0 && sums[codes[at - 1]] > sums[code]; at--) {
                codes[at] = codes[at - 1];
            }
            codes[at] = code;
        }
        return codes;
    }

    /** The sum of {@code +-basis[from + i]} for one code, in float64, from zero, in the order of i. */
    static double relative(float[] basis, int from, int bits, int code) {
        double sum = 0;
        for (int i = 0; i < bits; i++) {
            sum += (code >> i & 1) != 0 ? basis[from + i] : -basis[from + i];
        }
        return sum;
    }

    /**
     * The number of thresholds that {@code x} reaches.
     *
     * @param x any float; NaN reaches none
     * @return the index of the level nearest to x, 0..2^K-1
     */
    public int encode(float x) {
        // Branch-free binary search: thresholds ascend, so counting those reached is finding the first not reached.
        int index = 0;
        for (int step = levels.length >> 1; step > 0; step >>= 1) {
            index += x >= thresholds[index + step - 1] ? step : 0;
        }
        return index;
    }

    /** The number of bits K. */
    public int bits() {
        return Integer.numberOfTrailingZeros(levels.length);
    }

    /** The levels [2^K], ascending. Not a copy: read only. */
    public float[] levels() {
        return levels;
    }

    /** The thresholds [2^K - 1], ascending. Not a copy: read only. */
    public float[] thresholds() {
        return thresholds;
    }

    /** The code of each level [2^K]: bit i set means b_i = +1. Not a copy: read only. */
    public int[] codes() {
        return codes;
    }

    @Override
    public String toString() {
        return "BinaryLevels" + Arrays.toString(levels);
    }
}
