package dev.darq.kernels;

/** An operation with its weights laid out for the kernels. Immutable: sessions share it. */
sealed interface PreparedOperation permits PreparedLinear, PreparedActivation {
    int inputs();

    int outputs();

    /** What computes it, for people: {@code popcount}, {@code integer}, {@code float32} or {@code function}. */
    String kernel();

    /** Asks for the scratch that {@link #run} uses for so many samples. */
    void reserve(Scratch.Needs needs, int samples);

    /** The threads that may share the work on so many samples, at least 1. */
    int threads(int samples);

    /**
     * Runs on a block of samples.
     *
     * @param x the inputs: sample s begins at {@code xAt + s * xStride}
     * @param y takes the outputs of sample s from {@code s * yStride} on, and may be written up to
     *            {@link Scratch#paddedRows} of the outputs
     */
    void run(float[] x, int xAt, int xStride, int samples, float[] y, int yStride, Scratch scratch);
}
