package dev.darq.kernels;

/** An operation with its weights laid out for the kernels. Immutable: sessions share it. */
sealed interface PreparedOperation permits PreparedBitLinear, PreparedFloatLinear, PreparedActivation {
    int inputs();

    int outputs();

    /** Asks for the scratch that {@link #run} uses. */
    void reserve(Scratch.Needs needs);

    /** Runs on one sample; {@code y} may be written up to {@link Scratch#paddedRows} of the outputs. */
    void run(float[] x, int xAt, float[] y, int yAt, Scratch scratch);
}
