package dev.darq.kernels;

/** How the inputs of a linear layer are quantized before the product, one code for the whole layer. */
public sealed interface ActivationCode
        permits
        UniformActivation,
        LevelActivation,
        TokenActivation,
        FloatActivation {
    /** The bits of one input. */
    int bits();

    /**
     * The value that the code of {@code x} stands for: the reference which every kernel must match to the last bit.
     *
     * @param x any float, NaN and infinities included
     */
    float quantize(float x);

    /** {@link #quantize(float)} of a whole input vector, {@code x[xAt..xAt+count)}, to {@code y[yAt..)}. */
    default void quantize(float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = quantize(x[xAt + i]);
        }
    }
}
