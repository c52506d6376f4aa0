package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Encodes with one comparison a threshold. Each comparison gives the mask of the inputs that reached the threshold; a plane
 * flips wherever the codes of the levels on the two sides of a threshold differ, so a plane is the XOR of the masks of the
 * thresholds at which it flips, inverted if the lowest level has its bit set. The best way for one and two bits, and right
 * for any number.
 */
final class ThermometerEncoder extends VectorPlaneEncoder {
    private static final int LANES = FLOATS.length();

    private final int bits;
    private final float[] thresholds;
    /** {@code [threshold][plane]}: all ones where the plane flips. */
    private final long[] flips;
    /** {@code [plane]}: all ones where the lowest level has the bit. */
    private final long[] lowest;

    ThermometerEncoder(BinaryLevels levels) {
        super(levels.bits());
        bits = levels.bits();
        thresholds = levels.thresholds();
        flips = new long[thresholds.length * bits];
        lowest = new long[bits];
        int[] codes = levels.codes();
        for (int plane = 0; plane < bits; plane++) {
            lowest[plane] = -(long) (codes[0] >> plane & 1);
            for (int t = 0; t < thresholds.length; t++) {
                flips[t * bits + plane] = -(long) ((codes[t] ^ codes[t + 1]) >> plane & 1);
            }
        }
    }

    @Override
    void encodeWords(float[] x, int at, int words, long[] planes, int to, int stride) {
        switch (bits) {
            case 1 -> encodeOne(x, at, words, thresholds[0], lowest[0], planes, to, stride);
            case 2 -> encodeTwo(x, at, words, thresholds, flips, lowest, planes, to, stride);
            default -> encodeAny(x, at, words, planes, to, stride);
        }
    }

    /** One bit flips at its only threshold, whichever sign the basis has. */
    private static void encodeOne(float[] x, int at, int words, float threshold, long lowest, long[] planes, int to,
            int stride) {
        for (int word = 0; word < words; word++) {
            planes[to + word * stride] = lowest ^ reached(x, at + word * Long.SIZE, threshold);
        }
    }

    private static void encodeTwo(float[] x, int at, int words, float[] thresholds, long[] flips, long[] lowest,
            long[] planes, int to, int stride) {
        for (int word = 0; word < words; word++) {
            int from = at + word * Long.SIZE;
            long m0 = reached(x, from, thresholds[0]);
            long m1 = reached(x, from, thresholds[1]);
            long m2 = reached(x, from, thresholds[2]);
            planes[to + word * stride] = lowest[0] ^ m0 & flips[0] ^ m1 & flips[2] ^ m2 & flips[4];
            planes[to + word * stride + 1] = lowest[1] ^ m0 & flips[1] ^ m1 & flips[3] ^ m2 & flips[5];
        }
    }

    private void encodeAny(float[] x, int at, int words, long[] planes, int to, int stride) {
        for (int word = 0; word < words; word++) {
            int out = to + word * stride;
            System.arraycopy(lowest, 0, planes, out, bits);
            for (int t = 0; t < thresholds.length; t++) {
                long mask = reached(x, at + word * Long.SIZE, thresholds[t]);
                for (int plane = 0; plane < bits; plane++) {
                    planes[out + plane] ^= mask & flips[t * bits + plane];
                }
            }
        }
    }

    /** Which of 64 inputs reach a threshold. */
    private static long reached(float[] x, int from, float threshold) {
        long mask = 0;
        for (int i = 0; i < Long.SIZE; i += LANES) {
            mask |= FloatVector.fromArray(FLOATS, x, from + i).compare(VectorOperators.GE, threshold).toLong() << i;
        }
        return mask;
    }
}
