package dev.darq.search;

import dev.darq.kernels.BinaryCode;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Second-order error compensation over the weights of a channel (GPTQ, Frantar et al. 2023, algorithm 1), with binary
 * codes: codes are chosen so that the layer's outputs, not its weights, come near those of the float32 layer.
 *
 * <p>
 * With {@code H = cov(x) + d I} of the quantized inputs, the error of a channel is {@code (w - t)^T H (w - t)}. Departures
 * from the paper: the target t is not the float32 channel but the least-squares one for the quantized inputs (ridge d
 * towards the float32 channel), which also takes up what the inputs' quantization did; moments are centred, since the bias
 * takes up any mean; and after the sweep the channel is refined, in turns of the basis in closed form (as QEM does, under
 * H) and one coordinate descent over the codes. No turn raises the error.
 */
final class ErrorCompensation {
    /** Of the mean of the diagonal. */
    private static final double DAMPING = 0.01;
    /** Of the ridge that draws the target towards the float32 channel: it keeps a few thousand samples from overfitting. */
    private static final double TARGET_DAMPING = 0.1;
    private static final int MOST_TURNS = 20;

    private final double[][] hessian;
    private final double[][] factor;
    private final double[][] target;

    private ErrorCompensation(double[][] hessian, double[][] factor, double[][] target) {
        this.hessian = hessian;
        this.factor = factor;
        this.target = target;
    }

    /**
     * Prepares a layer.
     *
     * @param inputs  its quantized inputs {@code [samples, columns]}
     * @param outputs the float32 layer's outputs {@code [samples, rows]}
     * @param weights the float32 layer's weights {@code [rows, columns]}
     */
    static ErrorCompensation of(float[] inputs, float[] outputs, float[] weights, int samples, int columns) {
        int rows = weights.length / columns;
        double[][] covariance = Moments.covariance(inputs, columns, inputs, columns, samples);
        double[][] cross = Moments.covariance(outputs, rows, inputs, columns, samples);
        double mean = 0;
        for (int i = 0; i < columns; i++) {
            mean += covariance[i][i] / columns;
        }
        double[][] ridge = damped(covariance, mean * TARGET_DAMPING);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < columns; i++) {
                cross[row][i] += mean * TARGET_DAMPING * weights[row * columns + i];
            }
        }
        RealMatrix target = new CholeskyDecomposition(matrix(ridge), 1e-9, 1e-14).getSolver()
                .solve(matrix(cross).transpose()).transpose();
        double[][] hessian = damped(covariance, mean * DAMPING);
        RealMatrix inverse = new CholeskyDecomposition(matrix(hessian), 1e-9, 1e-14).getSolver().getInverse();
        double[][] factor = new CholeskyDecomposition(matrix(damped(inverse.getData(), 0)), 1e-9, 1e-14).getLT()
                .getData();
        return new ErrorCompensation(hessian, factor, target.getData());
    }

    /** The matrix with a damping on its diagonal; symmetric to the last bit, which the decomposition insists on. */
    private static double[][] damped(double[][] covariance, double damping) {
        int size = covariance.length;
        double[][] damped = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < size; k++) {
                damped[i][k] = (covariance[i][k] + covariance[k][i]) / 2;
            }
            damped[i][i] += damping;
        }
        return damped;
    }

    private static RealMatrix matrix(double[][] values) {
        return new Array2DRowRealMatrix(values, false);
    }

    /**
     * Chooses the codes anew.
     *
     * @param nearest the codes nearest to the weights, whose basis is where the search begins
     * @param learned whether the basis is free, not that of evenly spaced levels
     */
    BinaryCode compensate(BinaryCode nearest, boolean learned) {
        int rows = nearest.rows();
        int columns = nearest.columns();
        int bits = nearest.bits();
        float[] basis = nearest.basis().clone();
        int[] codes = new int[rows * columns];
        IntStream.range(0, rows).parallel().forEach(row -> {
            CompensatedChannel channel = new CompensatedChannel(hessian, factor, target[row], nearest, row);
            channel.sweep();
            channel.refine(learned, MOST_TURNS);
            channel.store(basis, codes);
        });
        return BinaryCode.fromCodes(rows, columns, bits, basis, nearest.offset(), codes);
    }
}
