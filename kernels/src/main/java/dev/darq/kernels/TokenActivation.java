package dev.darq.kernels;

/**
 * Inputs with a scale of their own for each input vector, taken when it arrives: {@code s = max(max|x|, 1e-5) / q},
 * {@code q = 2^(bits-1) - 1}, code {@code round(clamp(x / s, -q, q))}, value = code * s. All in float32; rounding is half
 * to even; NaN becomes -q. The maximum is that of the finite inputs.
 *
 * <p>Source: BitNet (Wang et al., 2023, equation 4) and BitNet b1.58 (Ma et al., 2024). Departs from it by rounding s to 17
 * significant bits, so that every value and {@code q * s} are exact and quantizing twice changes nothing, and by the code
 * {@code -q - 1}, which no finite input can reach.
 *
 * @param bits the bits of a code, 2..8
 */
public record TokenActivation(int bits) implements ActivationCode {
    private static final float LEAST_MAXIMUM = 1e-5f;
    private static final int DROPPED_BITS = 7;

    /**
     * Checks the bits.
     *
     * @throws IllegalArgumentException if bits is out of range
     */
    public TokenActivation {
        Require.bits(bits, 2, 8);
    }

    /** The value of x as the only input of its vector. */
    @Override
    public float quantize(float x) {
        float[] y = new float[1];
        quantize(new float[] {x}, 0, 1, y, 0);
        return y[0];
    }

    @Override
    public void quantize(float[] x, int xAt, int count, float[] y, int yAt) {
        UniformActivation code = code(x, xAt, count);
        for (int i = 0; i < count; i++) {
            y[yAt + i] = code.quantize(x[xAt + i]);
        }
    }

    /** The uniform code that one input vector is quantized by. */
    UniformActivation code(float[] x, int xAt, int count) {
        int largest = Float.floatToRawIntBits(LEAST_MAXIMUM);
        for (int i = xAt; i < xAt + count; i++) {
            // Magnitudes of finite floats compare as their bits do.
            int magnitude = Float.floatToRawIntBits(x[i]) & Integer.MAX_VALUE;
            largest = Math.max(largest, magnitude < Float.floatToRawIntBits(Float.POSITIVE_INFINITY) ? magnitude : 0);
        }
        int highest = (1 << (bits - 1)) - 1;
        int scale = Float.floatToRawIntBits(Float.intBitsToFloat(largest) / highest);
        int half = 1 << (DROPPED_BITS - 1);
        return new UniformActivation(bits, Float.intBitsToFloat((scale + half) & -2 * half), 0, -highest, highest);
    }
}
