package dev.darq.kernels;

/**
 * How far products of centred codes can be added up in 16 bits.
 *
 * @param columns the most products whose sum cannot overflow
 * @param split whether an input is split into two digits, {@code x = 16 high + low}, both within -8..8, to get there
 */
record IntegerRun(int columns, boolean split) {
    static final int DIGIT_BITS = 4;
    private static final int SHORTEST = 8;
    /** What of a pair's weights shall stay in the cache while all samples pass: 16 KB with 512 bits. */
    private static final int LONGEST = 256;

    static IntegerRun of(int weightBits, int inputBits) {
        int whole = products(weightBits, inputBits);
        return whole >= SHORTEST
                ? new IntegerRun(Math.min(LONGEST, whole), false)
                : new IntegerRun(products(weightBits, DIGIT_BITS), true);
    }

    /** The digits that an unsigned code of so many bits has. */
    static int unsignedDigits(int bits) {
        return Math.ceilDiv(bits, DIGIT_BITS);
    }

    /** A centred code of K bits is at most 2^(K-1) in magnitude. */
    private static int products(int weightBits, int inputBits) {
        return Short.MAX_VALUE >> weightBits - 1 + inputBits - 1;
    }

    /** The integers that an input becomes. */
    int digits() {
        return split ? 2 : 1;
    }
}
