package dev.darq.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The product of one layer's weights with a block of samples. Immutable: sessions and threads share it, each call brings its
 * scratch. The rows are divided into pieces that can be computed in any order, by any thread, to the same bits.
 */
interface RowProduct {
    /** The number of inputs. */
    int columns();

    /** The number of outputs. */
    int rows();

    /** Which way this is. */
    Kernel kernel();

    /** Asks for the scratch that a block of samples needs. */
    void reserve(Scratch.Needs needs, int samples);

    /**
     * Codes the inputs of a block of samples into the scratch.
     *
     * @param x the inputs: sample s begins at {@code xAt + s * xStride}
     */
    void encode(float[] x, int xAt, int xStride, int samples, Scratch scratch);

    /** The number of pieces that the rows are divided into, where so many samples are computed together. */
    int pieces(int samples);

    /** About how long the whole product takes on one thread, in nanoseconds: what {@link PreparedLinear} splits by. */
    long nanos(int samples);

    /**
     * Computes some pieces.
     *
     * @param from the first piece
     * @param to one past the last piece
     * @param scratch holds what {@link #encode} wrote; only read
     * @param own the scratch of this thread
     * @param function applied to the outputs while they are in the cache, or null
     * @param y takes the outputs of sample s from {@code s * yStride} on; a multiple of 64 may be written
     */
    void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own, @Nullable ElementKernel function,
            float[] y, int yStride);

    /** The epilogue: the function on outputs {@code [from, to)} of one sample, without those past the last row. */
    default void finish(@Nullable ElementKernel function, float[] y, int at, int from, int to) {
        int count = Math.min(to, rows()) - from;
        if (function != null && count > 0) {
            function.apply(y, at + from, count, y, at + from);
        }
    }
}
