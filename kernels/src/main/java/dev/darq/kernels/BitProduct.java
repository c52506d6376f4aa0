package dev.darq.kernels;

/** The product of a packed weight matrix with one packed input. */
interface BitProduct {
    /**
     * Computes {@link FoldedProduct}'s formula.
     *
     * @param planes the input, {@code [word][plane]}
     * @param inputSum what {@link FoldedProduct#inputSum} gave for it
     * @param counts scratch of {@link #counts()} longs
     * @param y takes the outputs from {@code at} on, and may be written up to the next multiple of 64
     */
    void multiply(long[] planes, float inputSum, long[] counts, float[] y, int at);

    /** The longs of scratch that a product needs. */
    int counts();
}
