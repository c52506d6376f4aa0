package dev.darq.kernels;

/** The float32 product in plain Java. */
final class ScalarFloatProduct implements FloatProduct {
    private final int rows;
    private final int paddedColumns;
    private final float[] weights;
    private final float[] bias;

    ScalarFloatProduct(Linear linear) {
        rows = linear.weights().rows();
        int columns = linear.weights().columns();
        paddedColumns = FloatProduct.padded(columns);
        float[] decoded = linear.weights().decode();
        bias = linear.bias();
        if (columns == paddedColumns) {
            weights = decoded;
            return;
        }
        weights = new float[Math.multiplyExact(rows, paddedColumns)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(decoded, row * columns, weights, row * paddedColumns, columns);
        }
    }

    @Override
    public void multiply(float[] x, float[] y, int at) {
        for (int row = 0; row < rows; row++) {
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            int from = row * paddedColumns;
            for (int k = 0; k < paddedColumns; k += SUMS) {
                s0 = Math.fma(weights[from + k], x[k], s0);
                s1 = Math.fma(weights[from + k + 1], x[k + 1], s1);
                s2 = Math.fma(weights[from + k + 2], x[k + 2], s2);
                s3 = Math.fma(weights[from + k + 3], x[k + 3], s3);
            }
            y[at + row] = bias[row] + ((s0 + s1) + (s2 + s3));
        }
    }
}
