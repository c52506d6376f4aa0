package dev.darq.kernels;

/** What an encoder needs for one word. */
final class WordScratch {
    /** Inputs of a word that is not whole. */
    final float[] inputs = new float[Long.SIZE];
    /** The inputs that reach each threshold, of at most four bits. */
    final long[] reached = new long[15];
}
