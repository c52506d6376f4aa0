package dev.darq.kernels;

/** Encodes whole words straight from the input, and the last, partial word from a copy filled up to 64. */
abstract sealed class VectorPlaneEncoder implements PlaneEncoder
        permits LevelEncoder, UniformEncoder {
    private final int bits;

    VectorPlaneEncoder(int bits) {
        this.bits = bits;
    }

    /** Encodes 64 inputs a word; plane p of word w goes to {@code to + w * stride + p}. */
    abstract void encodeWords(float[] x, int at, int words, long[] planes, int to, int stride, WordScratch scratch);

    @Override
    public final void encode(float[] x, int at, int count, long[] planes, int to, int stride, WordScratch scratch) {
        int whole = count >>> 6;
        encodeWords(x, at, whole, planes, to, stride, scratch);
        int rest = count & 63;
        if (rest != 0) {
            // What the copy holds past the rest does not matter: those bits are cleared below.
            System.arraycopy(x, at + whole * Long.SIZE, scratch.inputs, 0, rest);
            encodeWords(scratch.inputs, 0, 1, planes, to + whole * stride, stride, scratch);
            for (int plane = 0; plane < bits; plane++) {
                planes[to + whole * stride + plane] &= -1L >>> Long.SIZE - rest;
            }
        }
    }
}
