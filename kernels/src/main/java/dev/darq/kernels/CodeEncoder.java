package dev.darq.kernels;

/** Codes evenly spaced inputs as integers. */
interface CodeEncoder {
    /**
     * Encodes some inputs.
     *
     * @param y takes the {@code count} codes, or all low and then all high digits, from {@code to} on
     * @return the sum of the codes
     */
    int encode(float[] x, int at, int count, short[] y, int to);
}
