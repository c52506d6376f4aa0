package dev.darq.quantizers;

import java.util.Random;

/**
 * QEM written once more, in double precision and without its sums by code: the nearest level by trying all, the least
 * squares of {@code (B B^T + delta I) a = B x + delta a_old} by Gaussian elimination. With an offset, it is the last
 * entry of {@code fit}.
 */
final class PlainQem {
    private static final double RIDGE = 1e-4;

    private final float[] data;
    private final int bits;
    final double[] fit;

    PlainQem(float[] data, int bits, double[] start) {
        this.data = data;
        this.bits = bits;
        this.fit = start.clone();
    }

    /** The start that formulas.md gives: {@code a_i = 2^i 0.6745 std / 2^(K-1)}. */
    static double[] start(int bits, double deviation) {
        double[] start = new double[bits];
        for (int i = 0; i < bits; i++) {
            start[i] = 0.6745 * deviation * Math.pow(2, i - bits + 1);
        }
        return start;
    }

    private double[] levels() {
        double[] levels = new double[1 << bits];
        for (int code = 0; code < levels.length; code++) {
            levels[code] = fit.length > bits ? fit[bits] : 0;
            for (int i = 0; i < bits; i++) {
                levels[code] += (code >> i & 1) != 0 ? fit[i] : -fit[i];
            }
        }
        return levels;
    }

    private static int nearest(double[] levels, float x) {
        int best = 0;
        for (int code = 1; code < levels.length; code++) {
            if (Math.abs(x - levels[code]) < Math.abs(x - levels[best])) {
                best = code;
            }
        }
        return best;
    }

    double error() {
        double[] levels = levels();
        double error = 0;
        for (float x : data) {
            double difference = x - levels[nearest(levels, x)];
            error += difference * difference;
        }
        return error;
    }

    /** One alternation: codes by the present basis, then the basis by the codes. */
    void alternate() {
        int size = fit.length;
        double[][] matrix = new double[size][size + 1];
        double[] row = new double[size];
        double[] levels = levels();
        for (float x : data) {
            int code = nearest(levels, x);
            for (int i = 0; i < size; i++) {
                row[i] = i == bits || (code >> i & 1) != 0 ? 1 : -1;
            }
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    matrix[i][j] += row[i] * row[j];
                }
                matrix[i][size] += row[i] * x;
            }
        }
        for (int i = 0; i < size; i++) {
            matrix[i][i] += RIDGE;
            matrix[i][size] += RIDGE * fit[i];
        }
        solve(matrix, fit);
    }

    private static void solve(double[][] matrix, double[] solution) {
        int size = solution.length;
        // The matrix is symmetric and positive definite: no pivoting needed.
        for (int k = 0; k < size; k++) {
            for (int i = k + 1; i < size; i++) {
                double factor = matrix[i][k] / matrix[k][k];
                for (int j = k; j <= size; j++) {
                    matrix[i][j] -= factor * matrix[k][j];
                }
            }
        }
        for (int i = size - 1; i >= 0; i--) {
            double value = matrix[i][size];
            for (int j = i + 1; j < size; j++) {
                value -= matrix[i][j] * solution[j];
            }
            solution[i] = value / matrix[i][i];
        }
    }

    double converge() {
        double best = error();
        for (int alternation = 0; alternation < 100; alternation++) {
            alternate();
            double error = error();
            if (error > best * (1 - 1e-6)) {
                return Math.min(best, error);
            }
            best = error;
        }
        return best;
    }

    /** The least error reached from random starts. */
    static double bestOfRestarts(float[] data, int bits, int restarts, long seed) {
        Random random = new Random(seed);
        double best = Double.POSITIVE_INFINITY;
        for (int restart = 0; restart < restarts; restart++) {
            double[] start = new double[bits];
            for (int i = 0; i < bits; i++) {
                start[i] = 2 * random.nextDouble();
            }
            best = Math.min(best, new PlainQem(data, bits, start).converge());
        }
        return best;
    }
}
