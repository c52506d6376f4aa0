package dev.darq.search;

/** Room for values that are needed for a moment only. The layers of a network share it, so that it stays in the cache. */
final class Scratch {
    private float[] values = new float[0];

    /** At least so many values, whatever they are; until the next call. */
    float[] of(int length) {
        if (values.length < length) {
            values = new float[length];
        }
        return values;
    }
}
