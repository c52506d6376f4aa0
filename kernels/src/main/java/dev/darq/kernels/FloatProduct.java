package dev.darq.kernels;

/**
 * The product of a float32 weight matrix with one input. The order of operations is part of the contract, so that every
 * implementation gives the same bits: four partial sums, the u-th over the columns {@code k % 4 == u} in ascending order,
 * each step a fused multiply-add; then {@code bias + ((s0 + s1) + (s2 + s3))}. The columns are padded with zeros to a
 * multiple of four. Four sums, because one would wait for the latency of each multiply-add.
 */
interface FloatProduct {
    /** The number of partial sums. */
    int SUMS = 4;

    /**
     * Computes the product.
     *
     * @param x the input, zero from the last column to the next multiple of {@link #SUMS}
     * @param y takes the outputs from {@code at} on, and may be written up to the next multiple of 64
     */
    void multiply(float[] x, float[] y, int at);

    /** The columns with their padding. */
    static int padded(int columns) {
        return (columns + SUMS - 1) / SUMS * SUMS;
    }
}
