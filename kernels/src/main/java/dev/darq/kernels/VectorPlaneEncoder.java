package dev.darq.kernels;

/** Encodes whole words straight from the input, and the last, partial word from a copy filled up to 64. */
abstract sealed class VectorPlaneEncoder implements PlaneEncoder
        permits ThermometerEncoder, LevelTreeEncoder, UniformEncoder {
    private final int bits;

    VectorPlaneEncoder(int bits) {
        this.bits = bits;
    }

    /** Encodes 64 inputs a word; the planes go to {@code [word][plane]} from {@code to} on. */
    abstract void encodeWords(float[] x, int at, int words, long[] planes, int to);

    @Override
    public final void encode(float[] x, int at, int count, long[] planes, float[] tail) {
        int whole = count >>> 6;
        encodeWords(x, at, whole, planes, 0);
        int rest = count & 63;
        if (rest != 0) {
            // What the copy holds past the rest does not matter: those bits are cleared below.
            System.arraycopy(x, at + whole * Long.SIZE, tail, 0, rest);
            encodeWords(tail, 0, 1, planes, whole * bits);
            for (int plane = 0; plane < bits; plane++) {
                planes[whole * bits + plane] &= -1L >>> Long.SIZE - rest;
            }
        }
    }
}
