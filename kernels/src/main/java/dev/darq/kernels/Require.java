package dev.darq.kernels;

/** The argument checks that several codes share; each message says what was expected and what came. */
final class Require {
    /** Above this a popcount over one row would no longer be an exact float32. */
    static final int MOST_COLUMNS = 1 << 24;

    private Require() {}

    static void shape(int rows, int columns) {
        if (rows < 1 || columns < 1 || columns > MOST_COLUMNS) {
            throw new IllegalArgumentException(
                    "expected at least 1 row and 1.." + MOST_COLUMNS + " columns, got [" + rows + ", " + columns + "]");
        }
    }

    static void bits(int bits, int lowest, int highest) {
        if (bits < lowest || bits > highest) {
            throw new IllegalArgumentException("expected " + lowest + ".." + highest + " bits, got " + bits);
        }
    }

    static void length(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(what + ": expected length " + expected + ", got " + actual);
        }
    }

    static void finite(String what, float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(what + ": expected a finite number, got " + value);
        }
    }

    static void finite(String what, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        what + "[" + i + "]: expected a finite number, got " + values[i]);
            }
        }
    }

    static void positive(String what, float value) {
        if (!Float.isFinite(value) || !(value > 0)) {
            throw new IllegalArgumentException(what + ": expected a positive finite number, got " + value);
        }
    }
}
