package dev.darq.kernels;

/** How the inputs of a linear layer are quantized before the product, one code for the whole layer. */
public sealed interface ActivationCode permits UniformActivation, LevelActivation, FloatActivation {
    /** The bits of one input. */
    int bits();

    /**
     * The value that the code of {@code x} stands for: the reference which every kernel must match to the last bit.
     *
     * @param x any float, NaN and infinities included
     */
    float quantize(float x);
}
