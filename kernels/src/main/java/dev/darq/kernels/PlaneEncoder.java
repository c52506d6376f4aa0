package dev.darq.kernels;

/** Codes inputs and splits the codes into bit planes. */
interface PlaneEncoder {
    /**
     * Encodes whole words and the rest; the padding bits of the last word become 0.
     *
     * @param x the inputs, read from {@code at} on
     * @param count the number of inputs
     * @param planes takes plane p of word w at {@code to + w * stride + p}
     * @param stride the distance from word to word, at least the number of planes
     * @param scratch only written to
     */
    void encode(float[] x, int at, int count, long[] planes, int to, int stride, WordScratch scratch);
}
