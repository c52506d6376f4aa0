package dev.darq.kernels;

/**
 * Weights as floats of 16 or 32 bits. The array is not copied and must not change afterwards.
 *
 * @param rows the number of outputs
 * @param columns the number of inputs
 * @param bits 16 (each value is exactly an IEEE half) or 32
 * @param values the weights, {@code [rows, columns]}, finite
 */
public record FloatWeights(int rows, int columns, int bits, float[] values) implements WeightCode {
    /**
     * Checks the length and the values.
     *
     * @throws IllegalArgumentException if the length is wrong, a value is not finite or, with 16 bits, not a half
     */
    public FloatWeights {
        Require.shape(rows, columns);
        if (bits != 16 && bits != 32) {
            throw new IllegalArgumentException("expected 16 or 32 bits, got " + bits);
        }
        Require.length("values", (long) rows * columns, values.length);
        Require.finite("values", values);
        if (bits == 16) {
            for (int i = 0; i < values.length; i++) {
                if (Float.float16ToFloat(Float.floatToFloat16(values[i])) != values[i]) {
                    throw new IllegalArgumentException(
                            "values[" + i + "]: expected a number that a half holds exactly, got " + values[i]);
                }
            }
        }
    }

    @Override
    public float[] decode() {
        return values.clone();
    }
}
