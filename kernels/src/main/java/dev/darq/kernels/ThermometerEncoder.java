package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GE;

import jdk.incubator.vector.FloatVector;

/**
 * Encodes with one comparison a threshold, for up to four bits. Each comparison gives the mask of the inputs that reached the
 * threshold; a plane flips wherever the codes of the levels on the two sides of a threshold differ, so a plane is the XOR of
 * the masks of the thresholds at which it flips, inverted if the lowest level has its bit set.
 *
 * <p>A search tree in registers needs a quarter of the comparisons at four bits, but permutes vectors, and the compiler was
 * seen to turn those into objects in memory.
 */
final class ThermometerEncoder extends VectorPlaneEncoder {
    static final int MOST_BITS = 4;
    private static final int LANES = FLOATS.length();

    private final int bits;
    private final float[] thresholds;
    /** {@code [plane][threshold]}: all ones where the plane flips. */
    private final long[] flips;
    /** {@code [plane]}: all ones where the lowest level has the bit. */
    private final long[] lowest;

    ThermometerEncoder(BinaryLevels levels) {
        super(levels.bits());
        bits = levels.bits();
        thresholds = levels.thresholds();
        flips = new long[bits * thresholds.length];
        lowest = new long[bits];
        int[] codes = levels.codes();
        for (int plane = 0; plane < bits; plane++) {
            lowest[plane] = -(long) (codes[0] >> plane & 1);
            for (int t = 0; t < thresholds.length; t++) {
                flips[plane * thresholds.length + t] = -(long) ((codes[t] ^ codes[t + 1]) >> plane & 1);
            }
        }
    }

    @Override
    void encodeWords(float[] x, int at, int words, long[] planes, int to, int stride, WordScratch scratch) {
        long[] reached = scratch.reached;
        for (int word = 0; word < words; word++) {
            int from = at + word * Long.SIZE;
            reach(x, from, thresholds, reached);
            for (int plane = 0; plane < bits; plane++) {
                planes[to + word * stride + plane] = plane(reached, plane);
            }
        }
    }

    private long plane(long[] reached, int plane) {
        long bits = lowest[plane];
        for (int t = 0; t < thresholds.length; t++) {
            bits ^= reached[t] & flips[plane * thresholds.length + t];
        }
        return bits;
    }

    /** The masks of one word, for 1, 3, 7 or 15 thresholds. */
    private static void reach(float[] x, int from, float[] thresholds, long[] reached) {
        switch (thresholds.length) {
            case 1 -> {
                long m0 = 0;
                for (int i = 0; i < Long.SIZE; i += LANES) {
                    FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
                    m0 |= v.compare(GE, thresholds[0]).toLong() << i;
                }
                reached[0] = m0;
            }
            case 3 -> {
                long m0 = 0;
                long m1 = 0;
                long m2 = 0;
                for (int i = 0; i < Long.SIZE; i += LANES) {
                    FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
                    m0 |= v.compare(GE, thresholds[0]).toLong() << i;
                    m1 |= v.compare(GE, thresholds[1]).toLong() << i;
                    m2 |= v.compare(GE, thresholds[2]).toLong() << i;
                }
                reached[0] = m0;
                reached[1] = m1;
                reached[2] = m2;
            }
            case 7 -> {
                long m0 = 0;
                long m1 = 0;
                long m2 = 0;
                long m3 = 0;
                long m4 = 0;
                long m5 = 0;
                long m6 = 0;
                for (int i = 0; i < Long.SIZE; i += LANES) {
                    FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
                    m0 |= v.compare(GE, thresholds[0]).toLong() << i;
                    m1 |= v.compare(GE, thresholds[1]).toLong() << i;
                    m2 |= v.compare(GE, thresholds[2]).toLong() << i;
                    m3 |= v.compare(GE, thresholds[3]).toLong() << i;
                    m4 |= v.compare(GE, thresholds[4]).toLong() << i;
                    m5 |= v.compare(GE, thresholds[5]).toLong() << i;
                    m6 |= v.compare(GE, thresholds[6]).toLong() << i;
                }
                reached[0] = m0;
                reached[1] = m1;
                reached[2] = m2;
                reached[3] = m3;
                reached[4] = m4;
                reached[5] = m5;
                reached[6] = m6;
            }
            case 15 -> {
                long m0 = 0;
                long m1 = 0;
                long m2 = 0;
                long m3 = 0;
                long m4 = 0;
                long m5 = 0;
                long m6 = 0;
                long m7 = 0;
                long m8 = 0;
                long m9 = 0;
                long m10 = 0;
                long m11 = 0;
                long m12 = 0;
                long m13 = 0;
                long m14 = 0;
                for (int i = 0; i < Long.SIZE; i += LANES) {
                    FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
                    m0 |= v.compare(GE, thresholds[0]).toLong() << i;
                    m1 |= v.compare(GE, thresholds[1]).toLong() << i;
                    m2 |= v.compare(GE, thresholds[2]).toLong() << i;
                    m3 |= v.compare(GE, thresholds[3]).toLong() << i;
                    m4 |= v.compare(GE, thresholds[4]).toLong() << i;
                    m5 |= v.compare(GE, thresholds[5]).toLong() << i;
                    m6 |= v.compare(GE, thresholds[6]).toLong() << i;
                    m7 |= v.compare(GE, thresholds[7]).toLong() << i;
                    m8 |= v.compare(GE, thresholds[8]).toLong() << i;
                    m9 |= v.compare(GE, thresholds[9]).toLong() << i;
                    m10 |= v.compare(GE, thresholds[10]).toLong() << i;
                    m11 |= v.compare(GE, thresholds[11]).toLong() << i;
                    m12 |= v.compare(GE, thresholds[12]).toLong() << i;
                    m13 |= v.compare(GE, thresholds[13]).toLong() << i;
                    m14 |= v.compare(GE, thresholds[14]).toLong() << i;
                }
                reached[0] = m0;
                reached[1] = m1;
                reached[2] = m2;
                reached[3] = m3;
                reached[4] = m4;
                reached[5] = m5;
                reached[6] = m6;
                reached[7] = m7;
                reached[8] = m8;
                reached[9] = m9;
                reached[10] = m10;
                reached[11] = m11;
                reached[12] = m12;
                reached[13] = m13;
                reached[14] = m14;
            }
            default -> throw new IllegalStateException("no kernel for " + thresholds.length + " thresholds");
        }
    }
}
