package dev.darq.quantizers;

import java.util.Arrays;

/**
 * A basis with its offset on the way to its data, in double precision: one alternation of QEM costs as many binary
 * searches as there are levels. The levels are made in ascending order by merging, one vector of the basis at a time.
 */
final class BinaryFit {
    private final SortedValues values;
    private final boolean fitOffset;
    private final BasisSolver solver;
    private final double[] basis;
    private final CodeStatistics statistics;
    private double[] levels;
    private double[] mergedLevels;
    private int[] codes;
    private int[] mergedCodes;
    private double offset;
    private double error = Double.POSITIVE_INFINITY;

    /** A fit that starts from a basis (copied) and an offset, which is relative to the centre of the values. */
    BinaryFit(SortedValues values, double[] start, double startOffset, boolean fitOffset, BasisSolver solver) {
        this.values = values;
        this.fitOffset = fitOffset;
        this.solver = solver;
        offset = startOffset;
        basis = start.clone();
        int count = 1 << basis.length;
        statistics = new CodeStatistics(basis.length);
        levels = new double[count];
        mergedLevels = new double[count];
        codes = new int[count];
        mergedCodes = new int[count];
        normalize(basis);
        encode();
    }

    /** The set of levels does not change when a vector of the basis is negated or two are swapped. */
    static void normalize(double[] basis) {
        for (int i = 0; i < basis.length; i++) {
            basis[i] = Math.max(Math.abs(basis[i]), Float.MIN_NORMAL);
        }
        Arrays.sort(basis);
    }

    /** The basis, positive and ascending. Not a copy. */
    double[] basis() {
        return basis;
    }

    /** The offset, relative to the centre of the values. */
    double offset() {
        return offset;
    }

    /** The squared error with the present basis. */
    double error() {
        return error;
    }

    /** A fit that starts from this one with a vector multiplied; the vector after the last is the offset. */
    BinaryFit moved(int vector, double factor) {
        double[] start = basis.clone();
        if (vector < basis.length) {
            start[vector] *= factor;
            return new BinaryFit(values, start, offset, fitOffset, solver);
        }
        return new BinaryFit(values, start, offset + (factor - 1) * start[basis.length - 1], fitOffset, solver);
    }

    /**
     * Alternates the solver and encoding until the error stops falling.
     *
     * @param most      the largest number of alternations
     * @param tolerance the relative fall of the error below which it has stopped
     */
    void alternate(int most, double tolerance) {
        for (int alternation = 0; alternation < most; alternation++) {
            double before = error;
            offset = solver.solve(statistics, basis, offset, fitOffset);
            encode();
            if (error >= before * (1 - tolerance)) {
                return;
            }
        }
    }

    private void encode() {
        merge();
        statistics.clear();
        double fitted = values.squares();
        int from = 0;
        for (int k = 0; k < levels.length; k++) {
            int to = k + 1 < levels.length
                    ? values.below(offset + (levels[k] + levels[k + 1]) / 2, from)
                    : values.size();
            double level = offset + levels[k];
            double sum = values.sum(from, to);
            statistics.add(codes[k], to - from, sum);
            fitted += level * (level * (to - from) - 2 * sum);
            from = to;
        }
        error = Math.max(fitted, 0);
    }

    /** All sums of the basis with signs, ascending, and their codes; equal ones with the smaller code first. */
    private void merge() {
        levels[0] = 0;
        codes[0] = 0;
        for (int plane = 0; plane < basis.length; plane++) {
            int count = 1 << plane;
            double step = basis[plane];
            int minus = 0;
            int plus = 0;
            for (int k = 0; k < 2 * count; k++) {
                if (plus == count || minus < count && levels[minus] - step <= levels[plus] + step) {
                    mergedLevels[k] = levels[minus] - step;
                    mergedCodes[k] = codes[minus++];
                } else {
                    mergedLevels[k] = levels[plus] + step;
                    mergedCodes[k] = codes[plus++] | count;
                }
            }
            double[] freeLevels = levels;
            levels = mergedLevels;
            mergedLevels = freeLevels;
            int[] freeCodes = codes;
            codes = mergedCodes;
            mergedCodes = freeCodes;
        }
    }
}
