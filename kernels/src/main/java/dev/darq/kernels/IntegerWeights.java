package dev.darq.kernels;

/**
 * Weights as 16-bit integers with a scale per row: value = {@code codes * scale[row]}. The arrays are not copied and must
 * not change afterwards.
 *
 * @param rows the number of outputs
 * @param columns the number of inputs
 * @param codes the integers, {@code [rows, columns]}
 * @param scale the scale, {@code [rows]}, positive and finite
 */
public record IntegerWeights(int rows, int columns, short[] codes, float[] scale) implements WeightCode {
    /**
     * Checks lengths and scales.
     *
     * @throws IllegalArgumentException if a length is wrong or a scale is not positive and finite
     */
    public IntegerWeights {
        Require.shape(rows, columns);
        Require.length("codes", (long) rows * columns, codes.length);
        Require.length("scale", rows, scale.length);
        for (int row = 0; row < rows; row++) {
            Require.positive("scale[" + row + "]", scale[row]);
        }
    }

    @Override
    public int bits() {
        return Short.SIZE;
    }

    @Override
    public float[] decode() {
        float[] values = new float[codes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = codes[i] * scale[i / columns];
        }
        return values;
    }
}
