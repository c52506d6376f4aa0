package dev.darq.kernels;

/** A function applied to each element of an array. */
interface ElementKernel {
    /** Sets {@code y[yAt + i]} from {@code x[xAt + i]}, i below count. */
    void apply(float[] x, int xAt, int count, float[] y, int yAt);
}
