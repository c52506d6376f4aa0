package dev.darq.quantizers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Quantization error minimisation (LQ-Nets, Zhang et al. 2018, section 3.2): alternates encoding with the present basis
 * and the least-squares basis for the present codes.
 *
 * <p>
 * The alternation ends in a local minimum, and from one start it may be a bad one (up to 7 % more error at 3 bits, 20 %
 * at 4). So {@link #fit} goes through a fixed set of starts, keeps the best after a few alternations, and then tries
 * whether moving one vector of the basis leads on to a better minimum. Nothing is random: equal data give equal bases.
 */
final class Qem {
    /** Keeps the matrix regular when a code is used by nobody (formulas.md: delta). */
    static final double RIDGE = 1e-4;
    private static final int MOST_ALTERNATIONS = 200;
    private static final double CONVERGED = 1e-7;
    /** Ratios of one vector of a start's basis to the one before: from nearly equal vectors to evenly spaced levels. */
    private static final double[] RATIOS = {1.2, 1.5, 1.75, 2};
    /** Highest levels of the starts, in standard deviations. */
    private static final double[] REACHES = {1.5, 2.2, 3, 4};
    /** From this many bits on evenly spaced levels are as good as any, and each alternation costs 2^K. */
    private static final int MANY_BITS = 6;
    /** Alternations after which the starts are compared. */
    private static final int SCREENING = 4;
    /** A move is given up when its error, so many times the best one, is still larger after the screening. */
    private static final double PROMISING = 1.06;
    private static final int FINALISTS = 4;
    /** Factors that one vector of the basis is moved by. */
    private static final double[] HOPS = {0.3, 0.6, 0.8, 1.25, 1.6, 2.2};

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
    static double leastSquares(CodeStatistics statistics, double[] basis, double offset, boolean fitOffset) {
        int bits = basis.length;
        int size = fitOffset ? bits + 1 : bits;
        double[][] gram = new double[size][size];
        double[] right = new double[size];
        double shift = fitOffset ? 0 : offset;
        for (int code = 0; code < statistics.count.length; code++) {
            long count = statistics.count[code];
            if (count == 0) {
                continue;
            }
            for (int i = 0; i < size; i++) {
                double signI = sign(code, i, bits);
                right[i] += signI * (statistics.sum[code] - shift * count);
                for (int j = 0; j <= i; j++) {
                    gram[i][j] += signI * sign(code, j, bits) * count;
                }
            }
        }
        for (int i = 0; i < size; i++) {
            gram[i][i] += RIDGE;
            right[i] += RIDGE * (i < bits ? basis[i] : offset);
        }
        solve(gram, right);
        for (int i = 0; i < bits; i++) {
            basis[i] = right[i];
        }
        BinaryFit.normalize(basis);
        return fitOffset ? right[bits] : offset;
    }

    /**
     * Solves a symmetric positive definite system in place (Cholesky), as {@code L L^T}. Written out: training solves one of at
     * most nine unknowns for every channel in every step, of which a library's matrices and checks would be most of the time.
     *
     * @param matrix its lower triangle is replaced by L
     * @param vector the right side, replaced by the solution
     */
    private static void solve(double[][] matrix, double[] vector) {
        int size = vector.length;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= matrix[i][k] * matrix[j][k];
                }
                matrix[i][j] = i == j ? Math.sqrt(sum) : sum / matrix[j][j];
            }
            for (int k = 0; k < i; k++) {
                vector[i] -= matrix[i][k] * vector[k];
            }
            vector[i] /= matrix[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int k = i + 1; k < size; k++) {
                vector[i] -= matrix[k][i] * vector[k];
            }
            vector[i] /= matrix[i][i];
        }
    }

    /** Sign of plane i in a code; plane K is the constant of the offset. */
    static double sign(int code, int plane, int bits) {
        return plane == bits || (code >> plane & 1) != 0 ? 1 : -1;
    }

    /**
     * Fits a basis to data from scratch: alternations from several starts until the squared error stops falling.
     *
     * @param data      finite values, at least one
     * @param basis     receives the basis [K]
     * @param fitOffset whether an offset is fitted; otherwise it is 0
     * @param solver    finds the basis for given codes
     * @return the offset
     */
    static float fit(float[] data, int from, int length, float[] basis, boolean fitOffset, BasisSolver solver) {
        double[] moments = Statistics.meanAndDeviation(data, from, length);
        double center = fitOffset ? moments[0] : 0;
        double spread = Math.max(fitOffset ? moments[1] : Math.hypot(moments[0], moments[1]), Float.MIN_NORMAL);
        SortedValues values = new SortedValues(data, from, length, center);
        List<Start> starts = starts(basis.length, spread);
        starts.add(range(basis.length, values, fitOffset));
        BinaryFit best = search(starts, values, fitOffset, solver);
        for (int i = 0; i < basis.length; i++) {
            basis[i] = (float) best.basis()[i];
        }
        return (float) (center + best.offset());
    }

    /**
     * Where alternations begin.
     *
     * @param basis  the basis [K]
     * @param offset the offset, relative to the centre of the values
     */
    private record Start(double[] basis, double offset) {}

    private static BinaryFit search(List<Start> starts, SortedValues values, boolean fitOffset,
            BasisSolver solver) {
        List<BinaryFit> fits = new ArrayList<>();
        for (Start start : starts) {
            BinaryFit fit = new BinaryFit(values, start.basis, start.offset, fitOffset, solver);
            fit.alternate(SCREENING, CONVERGED);
            fits.add(fit);
        }
        fits.sort(Comparator.comparingDouble(BinaryFit::error));
        BinaryFit best = fits.getFirst();
        for (BinaryFit fit : fits.subList(0, Math.min(FINALISTS, fits.size()))) {
            fit.alternate(MOST_ALTERNATIONS, CONVERGED);
            int bits = fit.basis().length;
            BinaryFit reached = bits > 1 && bits < MANY_BITS ? hop(fit, fitOffset) : fit;
            best = reached.error() < best.error() ? reached : best;
        }
        return best;
    }

    /** Moves one vector of the basis, or the offset, at a time, as long as a move leads to a better minimum. */
    private static BinaryFit hop(BinaryFit start, boolean fitOffset) {
        BinaryFit best = start;
        int bits = start.basis().length;
        int moves = (fitOffset ? bits + 1 : bits) * HOPS.length;
        int failed = 0;
        for (int move = 0; failed < moves; move = (move + 1) % moves) {
            BinaryFit moved = best.moved(move / HOPS.length, HOPS[move % HOPS.length]);
            moved.alternate(SCREENING, CONVERGED);
            if (moved.error() < PROMISING * best.error()) {
                moved.alternate(MOST_ALTERNATIONS, CONVERGED);
            }
            failed++;
            if (moved.error() < best.error() * (1 - 1e-4)) {
                best = moved;
                failed = 0;
            }
        }
        return best;
    }

    /** The start of formulas.md, {@code a_i = 2^i 0.6745 std / 2^(K-1)}, and geometric bases of several widths. */
    private static List<Start> starts(int bits, double spread) {
        List<Start> starts = new ArrayList<>();
        starts.add(new Start(geometric(bits, 2, 0.6745 * spread * (2 - Math.pow(2, 1 - bits))), 0));
        if (bits == 1) {
            return starts;
        }
        for (double ratio : bits < MANY_BITS ? RATIOS : new double[] {2}) {
            for (double reach : REACHES) {
                starts.add(new Start(geometric(bits, ratio, reach * spread), 0));
            }
        }
        return starts;
    }

    /** Evenly spaced levels over the whole range: from here on no fit is worse than the naive quantizer. */
    private static Start range(int bits, SortedValues values, boolean fitOffset) {
        double low = values.lowest();
        double high = values.highest();
        return fitOffset
                ? new Start(geometric(bits, 2, (high - low) / 2), (high + low) / 2)
                : new Start(geometric(bits, 2, Math.max(-low, high)), 0);
    }

    /** A basis of this ratio whose sum, the highest level, is {@code reach}. */
    private static double[] geometric(int bits, double ratio, double reach) {
        double[] basis = new double[bits];
        double value = 1;
        double sum = 0;
        for (int i = 0; i < bits; i++) {
            basis[i] = value;
            sum += value;
            value *= ratio;
        }
        for (int i = 0; i < bits; i++) {
            basis[i] *= reach / sum;
        }
        return basis;
    }
}
