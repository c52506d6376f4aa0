package dev.darq.kernels;

/**
 * The popcount product: inputs are coded and split into bit planes. The planes of a few samples are interleaved as {@code
 * [block of samples][word][sample in block][plane]}, so that a word of the weights, once loaded, serves them all.
 */
abstract sealed class BitProduct implements RowProduct permits ScalarBitProduct, VectorBitProduct {
    final FoldedProduct folded;
    private final PlaneEncoder encoder;

    BitProduct(FoldedProduct folded, PlaneEncoder encoder) {
        this.folded = folded;
        this.encoder = encoder;
    }

    @Override
    public final int columns() {
        return folded.columns;
    }

    @Override
    public final int rows() {
        return folded.rows;
    }

    @Override
    public final Kernel kernel() {
        return Kernel.POPCOUNT;
    }

    @Override
    public void reserve(Scratch.Needs needs, int samples) {
        needs.planes((long) samples * folded.words * folded.inputBits);
        needs.inputSums(samples);
    }

    @Override
    public final void encode(float[] x, int xAt, int xStride, int samples, Scratch scratch) {
        int blockSamples = blockSamples(samples);
        for (int first = 0; first < samples; first += blockSamples) {
            int inBlock = Math.min(blockSamples, samples - first);
            int stride = inBlock * folded.inputBits;
            for (int i = 0; i < inBlock; i++) {
                int at = planesAt(first) + i * folded.inputBits;
                encoder.encode(x, xAt + (first + i) * xStride, folded.columns, scratch.planes, at, stride,
                        scratch.word);
                scratch.inputSums[first + i] = folded.inputSum(scratch.planes, at, stride);
            }
        }
    }

    /** The samples whose planes are interleaved, where so many are computed together. */
    abstract int blockSamples(int samples);

    /** Where the planes of a block begin. */
    final int planesAt(int firstSample) {
        return firstSample * folded.words * folded.inputBits;
    }
}
