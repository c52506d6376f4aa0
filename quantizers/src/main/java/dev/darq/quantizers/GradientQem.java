package dev.darq.quantizers;

import java.util.Arrays;

/**
 * The gradient solver of QEM with an L2 penalty (thesis on LQFullyConnected):
 * {@code a -= lr/n sum[((b_i, a) - x_i) b_i] + lr lambda a}. An offset follows the same gradient without the penalty.
 *
 * <p>
 * The rate is {@code lr = 1/(K + 1)}: the entries of {@code B B^T / n} are at most 1, so its largest eigenvalue is at most
 * K + 1 with the offset, and no step can raise the penalised error.
 *
 * @param steps steps of the gradient for the same codes
 */
record GradientQem(int steps) implements BasisSolver {
    static final double PENALTY = 1e-4;

    @Override
    public double solve(CodeStatistics statistics, double[] basis, double offset, boolean fitOffset) {
        int bits = basis.length;
        double rate = 1.0 / (bits + 1);
        double[] gradient = new double[bits + 1];
        double moving = offset;
        for (int step = 0; step < steps; step++) {
            gradient(statistics, basis, moving, gradient);
            for (int i = 0; i < bits; i++) {
                basis[i] -= rate * (gradient[i] + PENALTY * basis[i]);
            }
            moving -= fitOffset ? rate * gradient[bits] : 0;
        }
        BinaryFit.normalize(basis);
        return moving;
    }

    /** The gradient of half the mean squared error by the basis and, last, by the offset. */
    private static void gradient(CodeStatistics statistics, double[] basis, double offset, double[] gradient) {
        int bits = basis.length;
        Arrays.fill(gradient, 0);
        long total = 0;
        for (int code = 0; code < statistics.count.length; code++) {
            double level = offset;
            for (int i = 0; i < bits; i++) {
                level += Qem.sign(code, i, bits) * basis[i];
            }
            double residual = level * statistics.count[code] - statistics.sum[code];
            for (int i = 0; i <= bits; i++) {
                gradient[i] += Qem.sign(code, i, bits) * residual;
            }
            total += statistics.count[code];
        }
        for (int i = 0; i <= bits; i++) {
            gradient[i] /= total;
        }
    }
}
