package dev.darq.kernels;

/**
 * Inputs kept as floats.
 *
 * @param bits 16 (rounded to an IEEE half, half to even, overflow to infinity) or 32 (unchanged)
 */
public record FloatActivation(int bits) implements ActivationCode {
    /**
     * Checks the bits.
     *
     * @throws IllegalArgumentException if bits is neither 16 nor 32
     */
    public FloatActivation {
        if (bits != 16 && bits != 32) {
            throw new IllegalArgumentException("expected 16 or 32 bits, got " + bits);
        }
    }

    @Override
    public float quantize(float x) {
        return bits == 16 ? Float.float16ToFloat(Float.floatToFloat16(x)) : x;
    }
}
