package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GE;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Encodes levels of up to four bits: a binary search among the thresholds, whose comparisons are the bits of the level's
 * index. The threshold of a step is blended from those that are left by the comparisons before. (Looking it up in a register
 * takes fewer instructions, but permutes vectors, which the compiler was seen to turn into objects in memory.)
 *
 * <p>From the index to the code on 64 inputs at once: each plane is an XOR of products of index bits (its algebraic normal
 * form). Where codes and indices are the same, as with a basis that at least doubles, that is one bit.
 */
final class LevelEncoder extends VectorPlaneEncoder {
    static final int MOST_BITS = 4;
    private static final int LANES = FLOATS.length();

    private final int bits;
    private final float[] thresholds;
    /** {@code [plane]}: the products to add; bit k of a product's number: index bit k is a factor. */
    private final int[][] products;

    LevelEncoder(BinaryLevels levels) {
        super(levels.bits());
        bits = levels.bits();
        thresholds = levels.thresholds();
        products = new int[bits][];
        for (int plane = 0; plane < bits; plane++) {
            products[plane] = products(levels.codes(), plane);
        }
    }

    /** The Moebius transform of one bit of the codes. */
    private static int[] products(int[] codes, int plane) {
        int[] coefficients = Arrays.stream(codes).map(code -> code >> plane & 1).toArray();
        for (int step = 1; step < codes.length; step *= 2) {
            for (int k = 0; k < codes.length; k++) {
                coefficients[k] ^= (k & step) != 0 ? coefficients[k ^ step] : 0;
            }
        }
        return IntStream.range(0, codes.length).filter(k -> coefficients[k] != 0).toArray();
    }

    @Override
    void encodeWords(float[] x, int at, int words, long[] planes, int to, int stride, WordScratch scratch) {
        long[] product = scratch.products;
        product[0] = -1;
        for (int word = 0; word < words; word++) {
            int from = at + word * Long.SIZE;
            switch (bits) {
                case 1 -> bits1(x, from, thresholds, product);
                case 2 -> bits2(x, from, thresholds, product);
                case 3 -> bits3(x, from, thresholds, product);
                default -> bits4(x, from, thresholds, product);
            }
            for (int k = 3; k < 1 << bits; k++) {
                product[k] = product[k & -k] & product[k & k - 1];
            }
            for (int plane = 0; plane < bits; plane++) {
                long sum = 0;
                for (int k : products[plane]) {
                    sum ^= product[k];
                }
                planes[to + word * stride + plane] = sum;
            }
        }
    }

    private static void bits1(float[] x, int from, float[] thresholds, long[] index) {
        FloatVector t0 = FloatVector.broadcast(FLOATS, thresholds[0]);
        long i0 = 0;
        for (int i = 0; i < Long.SIZE; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
            VectorMask<Float> m0 = v.compare(GE, t0);
            i0 |= m0.toLong() << i;
        }
        index[1] = i0;
    }

    private static void bits2(float[] x, int from, float[] thresholds, long[] index) {
        FloatVector t0 = FloatVector.broadcast(FLOATS, thresholds[0]);
        FloatVector t1 = FloatVector.broadcast(FLOATS, thresholds[1]);
        FloatVector t2 = FloatVector.broadcast(FLOATS, thresholds[2]);
        long i0 = 0;
        long i1 = 0;
        for (int i = 0; i < Long.SIZE; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
            VectorMask<Float> m1 = v.compare(GE, t1);
            VectorMask<Float> m0 = v.compare(GE, t0.blend(t2, m1));
            i0 |= m0.toLong() << i;
            i1 |= m1.toLong() << i;
        }
        index[1] = i0;
        index[2] = i1;
    }

    private static void bits3(float[] x, int from, float[] thresholds, long[] index) {
        FloatVector t0 = FloatVector.broadcast(FLOATS, thresholds[0]);
        FloatVector t1 = FloatVector.broadcast(FLOATS, thresholds[1]);
        FloatVector t2 = FloatVector.broadcast(FLOATS, thresholds[2]);
        FloatVector t3 = FloatVector.broadcast(FLOATS, thresholds[3]);
        FloatVector t4 = FloatVector.broadcast(FLOATS, thresholds[4]);
        FloatVector t5 = FloatVector.broadcast(FLOATS, thresholds[5]);
        FloatVector t6 = FloatVector.broadcast(FLOATS, thresholds[6]);
        long i0 = 0;
        long i1 = 0;
        long i2 = 0;
        for (int i = 0; i < Long.SIZE; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
            VectorMask<Float> m2 = v.compare(GE, t3);
            VectorMask<Float> m1 = v.compare(GE, t1.blend(t5, m2));
            VectorMask<Float> m0 = v.compare(GE, t0.blend(t4, m2).blend(t2.blend(t6, m2), m1));
            i0 |= m0.toLong() << i;
            i1 |= m1.toLong() << i;
            i2 |= m2.toLong() << i;
        }
        index[1] = i0;
        index[2] = i1;
        index[4] = i2;
    }

    private static void bits4(float[] x, int from, float[] thresholds, long[] index) {
        FloatVector t0 = FloatVector.broadcast(FLOATS, thresholds[0]);
        FloatVector t1 = FloatVector.broadcast(FLOATS, thresholds[1]);
        FloatVector t2 = FloatVector.broadcast(FLOATS, thresholds[2]);
        FloatVector t3 = FloatVector.broadcast(FLOATS, thresholds[3]);
        FloatVector t4 = FloatVector.broadcast(FLOATS, thresholds[4]);
        FloatVector t5 = FloatVector.broadcast(FLOATS, thresholds[5]);
        FloatVector t6 = FloatVector.broadcast(FLOATS, thresholds[6]);
        FloatVector t7 = FloatVector.broadcast(FLOATS, thresholds[7]);
        FloatVector t8 = FloatVector.broadcast(FLOATS, thresholds[8]);
        FloatVector t9 = FloatVector.broadcast(FLOATS, thresholds[9]);
        FloatVector t10 = FloatVector.broadcast(FLOATS, thresholds[10]);
        FloatVector t11 = FloatVector.broadcast(FLOATS, thresholds[11]);
        FloatVector t12 = FloatVector.broadcast(FLOATS, thresholds[12]);
        FloatVector t13 = FloatVector.broadcast(FLOATS, thresholds[13]);
        FloatVector t14 = FloatVector.broadcast(FLOATS, thresholds[14]);
        long i0 = 0;
        long i1 = 0;
        long i2 = 0;
        long i3 = 0;
        for (int i = 0; i < Long.SIZE; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
            VectorMask<Float> m3 = v.compare(GE, t7);
            VectorMask<Float> m2 = v.compare(GE, t3.blend(t11, m3));
            VectorMask<Float> m1 = v.compare(GE, t1.blend(t9, m3).blend(t5.blend(t13, m3), m2));
            VectorMask<Float> m0 = v.compare(GE, t0.blend(t8, m3).blend(t4.blend(t12, m3), m2)
                    .blend(t2.blend(t10, m3).blend(t6.blend(t14, m3), m2), m1));
            i0 |= m0.toLong() << i;
            i1 |= m1.toLong() << i;
            i2 |= m2.toLong() << i;
            i3 |= m3.toLong() << i;
        }
        index[1] = i0;
        index[2] = i1;
        index[4] = i2;
        index[8] = i3;
    }
}
