package dev.darq.quantizers;

import dev.darq.kernels.BinaryLevels;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * Quantization error minimisation (LQ-Nets, Zhang et al. 2018, section 3.2): alternates encoding with the present basis
 * and the least-squares basis for the present codes.
 */
final class Qem {
    /** Keeps the matrix regular when a code is used by nobody (formulas.md: delta). */
    static final double RIDGE = 1e-4;
    private static final int MOST_ALTERNATIONS = 200;

    private Qem() {}

    /**
     * The least-squares basis for given codes,
     * {@code a = (B B^T + delta I)^-1 (B x + delta a_old)}, positive and ascending; with an offset, a constant row is
     * appended to {@code B}.
     *
     * @param statistics the data by code; bit i of a code set means {@code b_i = +1}
     * @param basis      the present basis [K], replaced by the new one
     * @param offset     the present offset
     * @param fitOffset  whether the offset is fitted or stays
     * @return the new offset
     */
    static float leastSquares(CodeStatistics statistics, float[] basis, float offset, boolean fitOffset) {
        int bits = basis.length;
        int size = fitOffset ? bits + 1 : bits;
        RealMatrix gram = new Array2DRowRealMatrix(size, size);
        RealVector right = new ArrayRealVector(size);
        double shift = fitOffset ? 0 : offset;
        for (int code = 0; code < statistics.count.length; code++) {
            long count = statistics.count[code];
            if (count == 0) {
                continue;
            }
            for (int i = 0; i < size; i++) {
                double signI = sign(code, i, bits);
                right.addToEntry(i, signI * (statistics.sum[code] - shift * count));
                for (int j = 0; j < size; j++) {
                    gram.addToEntry(i, j, signI * sign(code, j, bits) * count);
                }
            }
        }
        for (int i = 0; i < size; i++) {
            gram.addToEntry(i, i, RIDGE);
            right.addToEntry(i, RIDGE * (i < bits ? basis[i] : offset));
        }
        RealVector solution = new CholeskyDecomposition(gram, 1e-9, 1e-14).getSolver().solve(right);
        for (int i = 0; i < bits; i++) {
            basis[i] = (float) solution.getEntry(i);
        }
        normalize(basis);
        return fitOffset ? (float) solution.getEntry(bits) : offset;
    }

    /** Sign of plane i in a code; plane K is the constant of the offset. */
    private static double sign(int code, int plane, int bits) {
        return plane == bits || (code >> plane & 1) != 0 ? 1 : -1;
    }

    /** The set of levels does not change when a vector of the basis is negated or two are swapped. */
    static void normalize(float[] basis) {
        for (int i = 0; i < basis.length; i++) {
            basis[i] = Math.max(Math.abs(basis[i]), Float.MIN_NORMAL);
        }
        java.util.Arrays.sort(basis);
    }

    /**
     * Fits a basis to data from scratch: {@code a_i = 2^i 0.6745 std / 2^(K-1)} as a start, then alternations until the
     * squared error stops falling.
     *
     * @param basis     receives the basis [K]
     * @param fitOffset whether an offset is fitted, from the mean; otherwise it is 0
     * @return the offset
     */
    static float fit(float[] data, int from, int length, float[] basis, boolean fitOffset) {
        double[] moments = Statistics.meanAndDeviation(data, from, length);
        double spread = fitOffset ? moments[1] : Math.hypot(moments[0], moments[1]);
        int bits = basis.length;
        for (int i = 0; i < bits; i++) {
            basis[i] = (float) (Math.max(spread, 1e-12) * 0.6745 * (1 << i) / (1 << (bits - 1)));
        }
        normalize(basis);
        float offset = fitOffset ? (float) moments[0] : 0;
        CodeStatistics statistics = new CodeStatistics(bits);
        double best = Double.POSITIVE_INFINITY;
        for (int alternation = 0; alternation < MOST_ALTERNATIONS; alternation++) {
            double error = encode(data, from, length, basis, offset, statistics);
            if (error >= best * (1 - 1e-7)) {
                break;
            }
            best = error;
            offset = leastSquares(statistics, basis, offset, fitOffset);
        }
        return offset;
    }

    /** Encodes data, gathers the statistics by code, and returns the squared error. */
    private static double encode(float[] data, int from, int length, float[] basis, float offset,
            CodeStatistics statistics) {
        BinaryLevels levels = new BinaryLevels(basis, offset);
        statistics.clear();
        double error = 0;
        for (int i = from; i < from + length; i++) {
            int index = levels.encode(data[i]);
            double difference = data[i] - (double) levels.levels()[index];
            error += difference * difference;
            statistics.add(levels.codes()[index], data[i]);
        }
        return error;
    }
}
