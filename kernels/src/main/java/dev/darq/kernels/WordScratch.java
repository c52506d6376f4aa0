package dev.darq.kernels;

/** What an encoder needs for one word. */
final class WordScratch {
    /** Inputs of a word that is not whole. */
    final float[] inputs = new float[Long.SIZE];
    /** The products of {@link LevelEncoder}, of at most four bits. */
    final long[] products = new long[16];
}
