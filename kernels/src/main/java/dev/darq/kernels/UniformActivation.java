package dev.darq.kernels;

/**
 * Evenly spaced inputs: {@code q = round(clamp((x - offset) / scale, lowest, highest))}, value = {@code q * scale +
 * offset}. All in float32, each operation rounded once (no fused multiply-add); rounding is half to even; NaN becomes the
 * lowest code.
 *
 * <p>Source: LSQ+ (Bhalgat et al., 2020), PACT (Choi et al., 2018) and plain uniform quantization.
 *
 * @param bits the bits of a code, 1..16
 * @param scale the step, positive and finite
 * @param offset the value of code 0, finite
 * @param lowest the lowest code, at least -65535
 * @param highest the highest code, at most 65535, above the lowest by at most 2^bits - 1
 */
public record UniformActivation(int bits, float scale, float offset, int lowest, int highest)
        implements
            ActivationCode {
    /** Adding and subtracting 1.5 * 2^23 rounds a float below 2^22 to an integer, half to even, in two operations. */
    static final float ROUNDER = 0x1.8p23f;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public UniformActivation {
        Require.bits(bits, 1, 16);
        Require.positive("scale", scale);
        Require.finite("offset", offset);
        if (lowest < -65535 || highest > 65535 || lowest >= highest || highest - lowest >= 1 << bits) {
            throw new IllegalArgumentException("expected at most 2^" + bits
                    + " ascending codes within -65535..65535, got " + lowest + ".." + highest);
        }
    }

    /**
     * The integer code of x.
     *
     * @return lowest..highest
     */
    public int code(float x) {
        float position = (x - offset) / scale;
        // Written so that NaN, which is never greater, takes the lowest code.
        float clamped = position > lowest ? position : lowest;
        clamped = clamped < highest ? clamped : highest;
        return Float.floatToRawIntBits(clamped + ROUNDER) - Float.floatToRawIntBits(ROUNDER);
    }

    @Override
    public float quantize(float x) {
        return code(x) * scale + offset;
    }
}
