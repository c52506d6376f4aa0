package dev.darq.kernels;

/** The element-wise functions a packed model knows. */
public enum ActivationFunction {
    /** The hyperbolic tangent. */
    TANH,
    /** {@code max(x, 0)}. */
    RELU,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** {@code x * Phi(x)}, Phi the normal distribution function (the exact form, not the tanh one). */
    GELU;

    /**
     * The function of one number: the reference which every kernel matches to the last bit. Within 4e-7 of the true value
     * (GELU: 4e-7 * max(1, |x|)); NaN gives NaN.
     */
    public float apply(float x) {
        return switch (this) {
            case TANH -> ScalarFunctions.tanh(x);
            case RELU -> Math.max(x, 0f);
            case SIGMOID -> ScalarFunctions.sigmoid(x);
            case GELU -> ScalarFunctions.gelu(x);
        };
    }
}
