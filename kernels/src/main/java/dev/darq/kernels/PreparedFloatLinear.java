package dev.darq.kernels;

import java.util.Arrays;

/** A linear layer with a side of 16 or 32 bits: inputs rounded as their code says, float32 product of decoded weights. */
final class PreparedFloatLinear implements PreparedOperation {
    private final int rows;
    private final int columns;
    private final ElementKernel rounding;
    private final FloatProduct product;

    PreparedFloatLinear(Linear linear, KernelProvider provider) {
        rows = linear.weights().rows();
        columns = linear.weights().columns();
        rounding = provider.rounding(linear.input());
        product = provider.floatProduct(linear);
    }

    @Override
    public int inputs() {
        return columns;
    }

    @Override
    public int outputs() {
        return rows;
    }

    @Override
    public void reserve(Scratch.Needs needs) {
        needs.rounded(FloatProduct.padded(columns));
    }

    @Override
    public void run(float[] x, int xAt, float[] y, int yAt, Scratch scratch) {
        rounding.apply(x, xAt, columns, scratch.rounded, 0);
        Arrays.fill(scratch.rounded, columns, FloatProduct.padded(columns), 0);
        product.multiply(scratch.rounded, y, yAt);
    }
}
