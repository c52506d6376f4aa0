package dev.darq.search;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.BinaryLevels;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/** One output channel whose codes are chosen by the error {@code (w - t)^T H (w - t)}; see {@link ErrorCompensation}. */
final class CompensatedChannel {
    private static final double RIDGE = 1e-9;

    private final double[][] hessian;
    private final double[][] factor;
    private final double[] target;
    private final int row;
    private final int bits;
    private final float offset;
    private float[] basis;
    private BinaryLevels levels;
    private final int[] chosen;

    /**
     * A channel that starts from the basis of a row.
     *
     * @param hessian H {@code [columns][columns]}
     * @param factor  the upper Cholesky factor of H's inverse
     * @param target  t {@code [columns]}
     */
    CompensatedChannel(double[][] hessian, double[][] factor, double[] target, BinaryCode start, int row) {
        this.hessian = hessian;
        this.factor = factor;
        this.target = target;
        this.row = row;
        bits = start.bits();
        offset = start.offset()[row];
        basis = java.util.Arrays.copyOfRange(start.basis(), row * bits, (row + 1) * bits);
        levels = new BinaryLevels(basis, offset);
        chosen = new int[target.length];
    }

    /** GPTQ's sweep: each weight takes the nearest level, and those after it take up its error. */
    void sweep() {
        double[] wanted = target.clone();
        for (int i = 0; i < wanted.length; i++) {
            chosen[i] = levels.encode((float) wanted[i]);
            double error = (wanted[i] - levels.levels()[chosen[i]]) / factor[i][i];
            double[] spread = factor[i];
            for (int k = i + 1; k < wanted.length; k++) {
                wanted[k] -= error * spread[k];
            }
        }
    }

    /** Takes turns of the basis and the codes until nothing changes. */
    void refine(boolean learned, int mostTurns) {
        for (int turn = 0; turn < mostTurns; turn++) {
            if (learned) {
                solveBasis();
            }
            if (!descend()) {
                return;
            }
        }
    }

    /** The error of the present codes. */
    double error() {
        double[] gradient = gradient();
        double error = 0;
        for (int i = 0; i < chosen.length; i++) {
            error += gradient[i] * (levels.levels()[chosen[i]] - target[i]);
        }
        return error;
    }

    /** {@code H (w - t)}. */
    private double[] gradient() {
        double[] gradient = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            add(gradient, levels.levels()[chosen[i]] - target[i], hessian[i]);
        }
        return gradient;
    }

    private static void add(double[] sum, double factor, double[] values) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += factor * values[k];
        }
    }

    /** One coordinate descent over the codes; whether one changed. */
    private boolean descend() {
        double[] gradient = gradient();
        boolean changed = false;
        for (int i = 0; i < chosen.length; i++) {
            float present = levels.levels()[chosen[i]];
            int best = levels.encode((float) (present - gradient[i] / hessian[i][i]));
            if (best != chosen[i]) {
                add(gradient, (double) levels.levels()[best] - present, hessian[i]);
                chosen[i] = best;
                changed = true;
            }
        }
        return changed;
    }

    /** The basis of least error for the present codes, {@code (B H B^T) a = B H (t - c)}. */
    private void solveBasis() {
        double[][] gram = new double[bits][bits];
        double[] right = new double[bits];
        double[][] planes = new double[bits][chosen.length];
        double[] wanted = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            int code = levels.codes()[chosen[i]];
            for (int plane = 0; plane < bits; plane++) {
                planes[plane][i] = (code >> plane & 1) != 0 ? 1 : -1;
            }
            wanted[i] = target[i] - offset;
        }
        for (int plane = 0; plane < bits; plane++) {
            double[] product = new double[chosen.length];
            for (int i = 0; i < chosen.length; i++) {
                add(product, planes[plane][i], hessian[i]);
            }
            right[plane] = dot(product, wanted);
            for (int other = 0; other < bits; other++) {
                gram[plane][other] = dot(product, planes[other]);
            }
        }
        double scale = 0;
        for (int plane = 0; plane < bits; plane++) {
            scale = Math.max(scale, gram[plane][plane]);
        }
        for (int plane = 0; plane < bits; plane++) {
            gram[plane][plane] += RIDGE * scale;
            right[plane] += RIDGE * scale * basis[plane];
        }
        double[] solved = new CholeskyDecomposition(new Array2DRowRealMatrix(gram, false), 1e-6, 1e-14).getSolver()
                .solve(new ArrayRealVector(right, false)).toArray();
        use(solved);
    }

    /** Takes over a basis; the codes stay, so levels that changed places are looked up again. */
    private void use(double[] solved) {
        int[] codes = new int[chosen.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = levels.codes()[chosen[i]];
        }
        basis = new float[bits];
        for (int plane = 0; plane < bits; plane++) {
            basis[plane] = (float) solved[plane];
        }
        levels = new BinaryLevels(basis, offset);
        int[] places = new int[1 << bits];
        for (int place = 0; place < places.length; place++) {
            places[levels.codes()[place]] = place;
        }
        for (int i = 0; i < codes.length; i++) {
            chosen[i] = places[codes[i]];
        }
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /** Writes the basis {@code [rows, bits]} and the codes {@code [rows, columns]} of this row. */
    void store(float[] allBases, int[] allCodes) {
        System.arraycopy(basis, 0, allBases, row * bits, bits);
        for (int i = 0; i < chosen.length; i++) {
            allCodes[row * chosen.length + i] = levels.codes()[chosen[i]];
        }
    }
}
