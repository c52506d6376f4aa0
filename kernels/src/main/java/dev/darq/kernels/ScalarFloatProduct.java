package dev.darq.kernels;

import org.jspecify.annotations.Nullable;

/** The float32 product in plain Java. */
final class ScalarFloatProduct extends FloatProduct {
    /** Measured: one multiply-add. */
    private static final double NANOS_PER_PRODUCT = 0.6;

    private static final int BLOCK = 4;

    private final float[] weights;
    private final float[] bias;

    ScalarFloatProduct(Linear linear, ElementKernel rounding) {
        super(linear, rounding);
        weights = linear.weights().decode();
        bias = linear.bias();
    }

    @Override
    public int pieces(int samples) {
        return Math.ceilDiv(rows, Scratch.ROW_PADDING);
    }

    @Override
    public long nanos(int samples) {
        return (long) (NANOS_PER_PRODUCT * samples * rows * columns);
    }

    @Override
    public void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own,
            @Nullable ElementKernel function, float[] y, int yStride) {
        int firstRow = from * Scratch.ROW_PADDING;
        int lastRow = Math.min(rows, to * Scratch.ROW_PADDING);
        for (int sample = 0; sample < samples; sample++) {
            int at = sample * yStride;
            int row = firstRow;
            for (; row + BLOCK <= lastRow; row += BLOCK) {
                fourRows(row, scratch.rounded, sample * columns, y, at + row);
            }
            for (; row < lastRow; row++) {
                y[at + row] = oneRow(row, scratch.rounded, sample * columns);
            }
            finish(function, y, at, firstRow, lastRow);
        }
    }

    private float oneRow(int row, float[] x, int xAt) {
        float sum = bias[row];
        for (int k = 0; k < columns; k++) {
            sum = Math.fma(weights[row * columns + k], x[xAt + k], sum);
        }
        return sum;
    }

    /** Four sums at a time: one alone would wait for the latency of each multiply-add. */
    private void fourRows(int row, float[] x, int xAt, float[] y, int at) {
        float s0 = bias[row];
        float s1 = bias[row + 1];
        float s2 = bias[row + 2];
        float s3 = bias[row + 3];
        int from = row * columns;
        for (int k = 0; k < columns; k++) {
            float input = x[xAt + k];
            s0 = Math.fma(weights[from + k], input, s0);
            s1 = Math.fma(weights[from + columns + k], input, s1);
            s2 = Math.fma(weights[from + 2 * columns + k], input, s2);
            s3 = Math.fma(weights[from + 3 * columns + k], input, s3);
        }
        y[at] = s0;
        y[at + 1] = s1;
        y[at + 2] = s2;
        y[at + 3] = s3;
    }
}
