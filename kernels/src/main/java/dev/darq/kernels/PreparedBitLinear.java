package dev.darq.kernels;

/** A linear layer whose weights and inputs are both coded in at most 8 bits: encode, then popcount. */
final class PreparedBitLinear implements PreparedOperation {
    private final FoldedProduct folded;
    private final PlaneEncoder encoder;
    private final BitProduct product;

    PreparedBitLinear(BinaryCode weights, Linear linear, KernelProvider provider) {
        folded = new FoldedProduct(weights, linear.input(), linear.bias());
        encoder = provider.planeEncoder(linear.input());
        product = provider.bitProduct(folded);
    }

    @Override
    public int inputs() {
        return folded.columns;
    }

    @Override
    public int outputs() {
        return folded.rows;
    }

    @Override
    public void reserve(Scratch.Needs needs) {
        needs.planes(Math.multiplyExact(folded.words, folded.inputBasis.length));
        needs.counts(product.counts());
    }

    @Override
    public void run(float[] x, int xAt, float[] y, int yAt, Scratch scratch) {
        encoder.encode(x, xAt, folded.columns, scratch.planes, scratch.tail);
        product.multiply(scratch.planes, folded.inputSum(scratch.planes), scratch.counts, y, yAt);
    }
}
