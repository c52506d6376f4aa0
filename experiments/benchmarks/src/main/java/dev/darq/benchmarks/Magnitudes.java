package dev.darq.benchmarks;

/** What the scales of integer codes come from. */
final class Magnitudes {
    private Magnitudes() {}

    /** The largest magnitude of {@code values[from..to)}. */
    static float largest(float[] values, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }
}
