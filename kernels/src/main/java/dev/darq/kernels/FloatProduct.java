package dev.darq.kernels;

/**
 * The product of a float32 weight matrix with inputs that are rounded as their code says. The order of operations is part of
 * the contract, so that every implementation gives the same bits: the sum begins with the bias, and each column in ascending
 * order is a fused multiply-add.
 */
abstract sealed class FloatProduct implements RowProduct permits ScalarFloatProduct, VectorFloatProduct {
    final int rows;
    final int columns;
    private final ElementKernel rounding;

    FloatProduct(Linear linear, ElementKernel rounding) {
        this.rounding = rounding;
        rows = linear.weights().rows();
        columns = linear.weights().columns();
    }

    @Override
    public final int columns() {
        return columns;
    }

    @Override
    public final int rows() {
        return rows;
    }

    @Override
    public final Kernel kernel() {
        return Kernel.FLOAT32;
    }

    @Override
    public final void reserve(Scratch.Needs needs, int samples) {
        needs.rounded((long) samples * columns);
    }

    @Override
    public final void encode(float[] x, int xAt, int xStride, int samples, Scratch scratch) {
        for (int sample = 0; sample < samples; sample++) {
            rounding.apply(x, xAt + sample * xStride, columns, scratch.rounded, sample * columns);
        }
    }
}
