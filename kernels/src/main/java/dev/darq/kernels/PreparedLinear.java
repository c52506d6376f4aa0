package dev.darq.kernels;

import org.jspecify.annotations.Nullable;

/** A linear layer, with the function that follows it if it is to be computed with it. */
final class PreparedLinear implements PreparedOperation {
    /**
     * Products that take longer are shared by several threads. Handing pieces to a thread that waits costs a few microseconds,
     * to one that sleeps 20 to 60; at 200 us two threads were never slower than one.
     */
    private static final long ONE_THREAD_NANOS = 200_000;

    private final RowProduct product;
    private final @Nullable ElementKernel function;

    PreparedLinear(RowProduct product, @Nullable ElementKernel function) {
        this.product = product;
        this.function = function;
    }

    /** The same layer, its outputs run through a function while they are in the cache. */
    PreparedLinear with(ElementKernel function) {
        return new PreparedLinear(product, function);
    }

    boolean hasFunction() {
        return function != null;
    }

    @Override
    public int inputs() {
        return product.columns();
    }

    @Override
    public int outputs() {
        return product.rows();
    }

    @Override
    public String kernel() {
        return product.kernel().toString();
    }

    @Override
    public void reserve(Scratch.Needs needs, int samples) {
        product.reserve(needs, samples);
    }

    @Override
    public int threads(int samples) {
        return product.nanos(samples) <= ONE_THREAD_NANOS ? 1 : Math.min(RowTeam.threads(), product.pieces(samples));
    }

    @Override
    public void run(float[] x, int xAt, int xStride, int samples, float[] y, int yStride, Scratch scratch) {
        product.encode(x, xAt, xStride, samples, scratch);
        int threads = threads(samples);
        if (threads == 1) {
            product.multiply(0, product.pieces(samples), samples, scratch, scratch.own(0), function, y, yStride);
        } else {
            scratch.job().share(product, samples, scratch, function, y, yStride, threads);
        }
    }
}
