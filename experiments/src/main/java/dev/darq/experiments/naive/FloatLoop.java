package dev.darq.experiments.naive;

import dev.darq.kernels.Linear;

/** Float32 as anyone would write it first: row by row, one product after the other. */
final class FloatLoop implements NaiveNetwork.Step {
    private final int columns;
    /** {@code [rows, columns]}. */
    private final float[] weights;
    private final float[] bias;
    private final float[] y;

    FloatLoop(Linear linear) {
        columns = linear.weights().columns();
        weights = linear.weights().decode();
        bias = linear.bias();
        y = new float[linear.weights().rows()];
    }

    @Override
    public float[] run(float[] x, int xAt) {
        for (int row = 0; row < y.length; row++) {
            float sum = 0;
            for (int i = 0; i < columns; i++) {
                sum += weights[row * columns + i] * x[xAt + i];
            }
            y[row] = sum + bias[row];
        }
        return y;
    }
}
