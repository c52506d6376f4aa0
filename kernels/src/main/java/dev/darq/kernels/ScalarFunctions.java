package dev.darq.kernels;

/**
 * The element-wise functions, all built on {@code exp(y) - 1}, which keeps small results accurate. The vector version does
 * the same operations in the same order, so both give the same bits.
 */
final class ScalarFunctions {
    static final float LOG2_E = 1.442695041f;
    /** ln 2 in two parts: the first has so few bits that its multiples by an exponent are exact. */
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;
    /** The Taylor coefficients 1/8! ... 1/2!; on |r| <= ln(2)/2 the rest is below 1e-9. */
    static final float[] TAYLOR = {1 / 40320f, 1 / 5040f, 1 / 720f, 1 / 120f, 1 / 24f, 1 / 6f, 1 / 2f};
    /** exp stays a normal float within these. */
    static final float EXP_LOWEST = -87f;
    static final float EXP_HIGHEST = 87f;
    /** From here on tanh is 1 in float32: exp(2x) - 1 swallows the 2 added to it. */
    static final float TANH_SATURATES = 20f;
    /** Below this GELU is 0 in float32; also keeps -infinity times zero from becoming NaN. */
    static final float GELU_LOWEST = -20f;
    /** Abramowitz and Stegun 7.1.26: erfc(z) = (a1 t + ... + a5 t^5) exp(-z^2), t = 1 / (1 + p z), within 1.5e-7. */
    static final float ERFC_P = 0.3275911f;
    static final float[] ERFC = {1.061405429f, -1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f};
    static final float SQRT_HALF = 0.70710678f;

    private ScalarFunctions() {}

    /** {@code exp(y) - 1} for y within the limits above: exp(y) = 2^n exp(r), |r| at most ln(2)/2. */
    static float expMinusOne(float y) {
        float shifted = Math.fma(y, LOG2_E, UniformActivation.ROUNDER);
        float n = shifted - UniformActivation.ROUNDER;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, y));
        float sum = TAYLOR[0];
        for (int i = 1; i < TAYLOR.length; i++) {
            sum = Math.fma(sum, r, TAYLOR[i]);
        }
        float small = Math.fma(sum, r * r, r);
        // The rounded exponent sits in the low bits of the shifted number: move it into a float's exponent field.
        float power = Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + Float.floatToRawIntBits(1f));
        return Math.fma(power, small, power - 1);
    }

    static float tanh(float x) {
        float magnitude = Math.abs(x);
        float limited = magnitude > TANH_SATURATES ? TANH_SATURATES : magnitude;
        float e = expMinusOne(limited + limited);
        float result = e / (e + 2);
        return x < 0 ? -result : result;
    }

    static float sigmoid(float x) {
        float y = -x;
        y = y > EXP_HIGHEST ? EXP_HIGHEST : y;
        y = y < EXP_LOWEST ? EXP_LOWEST : y;
        return 1 / (expMinusOne(y) + 2);
    }

    static float gelu(float x) {
        float limited = x < GELU_LOWEST ? GELU_LOWEST : x;
        float z = Math.abs(limited * SQRT_HALF);
        float t = 1 / Math.fma(z, ERFC_P, 1f);
        float sum = ERFC[0];
        for (int i = 1; i < ERFC.length; i++) {
            sum = Math.fma(sum, t, ERFC[i]);
        }
        float y = -(z * z);
        y = y < EXP_LOWEST ? EXP_LOWEST : y;
        float tail = sum * t * (expMinusOne(y) + 1);
        return 0.5f * limited * (limited < 0 ? tail : 2 - tail);
    }
}
