package dev.darq.kernels;

import static dev.darq.kernels.Shapes.LANES;
import static dev.darq.kernels.Shapes.LONGS;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;

/**
 * The popcount loops for 5..8 planes: as {@link NarrowCounts}, two streams of a block at a time so that the
 * counters stay sixteen.
 */
final class WideCounts {
    private static final int BLOCK = NarrowCounts.STREAMS * LANES;
    private static final int HALF = BLOCK / 2;

    private WideCounts() {}

    static void planes5(long[] weights, long[] x, int xAt, int words, int from, int to, long[] counts) {
        for (int half = 2 * from; half < 2 * to; half++) {
            LongVector c00 = LongVector.zero(LONGS);
            LongVector c01 = LongVector.zero(LONGS);
            LongVector c02 = LongVector.zero(LONGS);
            LongVector c03 = LongVector.zero(LONGS);
            LongVector c04 = LongVector.zero(LONGS);
            LongVector c10 = LongVector.zero(LONGS);
            LongVector c11 = LongVector.zero(LONGS);
            LongVector c12 = LongVector.zero(LONGS);
            LongVector c13 = LongVector.zero(LONGS);
            LongVector c14 = LongVector.zero(LONGS);
            int first = (half >> 1) * words * BLOCK + (half & 1) * HALF;
            for (int word = 0; word < words; word++) {
                int at = first + word * BLOCK;
                LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word * 5]);
                LongVector x1 = LongVector.broadcast(LONGS, x[xAt + word * 5 + 1]);
                LongVector x2 = LongVector.broadcast(LONGS, x[xAt + word * 5 + 2]);
                LongVector x3 = LongVector.broadcast(LONGS, x[xAt + word * 5 + 3]);
                LongVector x4 = LongVector.broadcast(LONGS, x[xAt + word * 5 + 4]);
                LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c01 = c01.add(w0.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c02 = c02.add(w0.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c03 = c03.add(w0.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c04 = c04.add(w0.lanewise(XOR, x4).lanewise(BIT_COUNT));
                LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c11 = c11.add(w1.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c12 = c12.add(w1.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c13 = c13.add(w1.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c14 = c14.add(w1.lanewise(XOR, x4).lanewise(BIT_COUNT));
            }
            int out = (half - 2 * from) * 5 * HALF;
            c00.intoArray(counts, out);
            c01.intoArray(counts, out + LANES);
            c02.intoArray(counts, out + 2 * LANES);
            c03.intoArray(counts, out + 3 * LANES);
            c04.intoArray(counts, out + 4 * LANES);
            c10.intoArray(counts, out + 5 * LANES);
            c11.intoArray(counts, out + 6 * LANES);
            c12.intoArray(counts, out + 7 * LANES);
            c13.intoArray(counts, out + 8 * LANES);
            c14.intoArray(counts, out + 9 * LANES);
        }
    }

    static void planes6(long[] weights, long[] x, int xAt, int words, int from, int to, long[] counts) {
        for (int half = 2 * from; half < 2 * to; half++) {
            LongVector c00 = LongVector.zero(LONGS);
            LongVector c01 = LongVector.zero(LONGS);
            LongVector c02 = LongVector.zero(LONGS);
            LongVector c03 = LongVector.zero(LONGS);
            LongVector c04 = LongVector.zero(LONGS);
            LongVector c05 = LongVector.zero(LONGS);
            LongVector c10 = LongVector.zero(LONGS);
            LongVector c11 = LongVector.zero(LONGS);
            LongVector c12 = LongVector.zero(LONGS);
            LongVector c13 = LongVector.zero(LONGS);
            LongVector c14 = LongVector.zero(LONGS);
            LongVector c15 = LongVector.zero(LONGS);
            int first = (half >> 1) * words * BLOCK + (half & 1) * HALF;
            for (int word = 0; word < words; word++) {
                int at = first + word * BLOCK;
                LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word * 6]);
                LongVector x1 = LongVector.broadcast(LONGS, x[xAt + word * 6 + 1]);
                LongVector x2 = LongVector.broadcast(LONGS, x[xAt + word * 6 + 2]);
                LongVector x3 = LongVector.broadcast(LONGS, x[xAt + word * 6 + 3]);
                LongVector x4 = LongVector.broadcast(LONGS, x[xAt + word * 6 + 4]);
                LongVector x5 = LongVector.broadcast(LONGS, x[xAt + word * 6 + 5]);
                LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c01 = c01.add(w0.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c02 = c02.add(w0.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c03 = c03.add(w0.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c04 = c04.add(w0.lanewise(XOR, x4).lanewise(BIT_COUNT));
                c05 = c05.add(w0.lanewise(XOR, x5).lanewise(BIT_COUNT));
                LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c11 = c11.add(w1.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c12 = c12.add(w1.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c13 = c13.add(w1.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c14 = c14.add(w1.lanewise(XOR, x4).lanewise(BIT_COUNT));
                c15 = c15.add(w1.lanewise(XOR, x5).lanewise(BIT_COUNT));
            }
            int out = (half - 2 * from) * 6 * HALF;
            c00.intoArray(counts, out);
            c01.intoArray(counts, out + LANES);
            c02.intoArray(counts, out + 2 * LANES);
            c03.intoArray(counts, out + 3 * LANES);
            c04.intoArray(counts, out + 4 * LANES);
            c05.intoArray(counts, out + 5 * LANES);
            c10.intoArray(counts, out + 6 * LANES);
            c11.intoArray(counts, out + 7 * LANES);
            c12.intoArray(counts, out + 8 * LANES);
            c13.intoArray(counts, out + 9 * LANES);
            c14.intoArray(counts, out + 10 * LANES);
            c15.intoArray(counts, out + 11 * LANES);
        }
    }

    static void planes7(long[] weights, long[] x, int xAt, int words, int from, int to, long[] counts) {
        for (int half = 2 * from; half < 2 * to; half++) {
            LongVector c00 = LongVector.zero(LONGS);
            LongVector c01 = LongVector.zero(LONGS);
            LongVector c02 = LongVector.zero(LONGS);
            LongVector c03 = LongVector.zero(LONGS);
            LongVector c04 = LongVector.zero(LONGS);
            LongVector c05 = LongVector.zero(LONGS);
            LongVector c06 = LongVector.zero(LONGS);
            LongVector c10 = LongVector.zero(LONGS);
            LongVector c11 = LongVector.zero(LONGS);
            LongVector c12 = LongVector.zero(LONGS);
            LongVector c13 = LongVector.zero(LONGS);
            LongVector c14 = LongVector.zero(LONGS);
            LongVector c15 = LongVector.zero(LONGS);
            LongVector c16 = LongVector.zero(LONGS);
            int first = (half >> 1) * words * BLOCK + (half & 1) * HALF;
            for (int word = 0; word < words; word++) {
                int at = first + word * BLOCK;
                LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word * 7]);
                LongVector x1 = LongVector.broadcast(LONGS, x[xAt + word * 7 + 1]);
                LongVector x2 = LongVector.broadcast(LONGS, x[xAt + word * 7 + 2]);
                LongVector x3 = LongVector.broadcast(LONGS, x[xAt + word * 7 + 3]);
                LongVector x4 = LongVector.broadcast(LONGS, x[xAt + word * 7 + 4]);
                LongVector x5 = LongVector.broadcast(LONGS, x[xAt + word * 7 + 5]);
                LongVector x6 = LongVector.broadcast(LONGS, x[xAt + word * 7 + 6]);
                LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c01 = c01.add(w0.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c02 = c02.add(w0.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c03 = c03.add(w0.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c04 = c04.add(w0.lanewise(XOR, x4).lanewise(BIT_COUNT));
                c05 = c05.add(w0.lanewise(XOR, x5).lanewise(BIT_COUNT));
                c06 = c06.add(w0.lanewise(XOR, x6).lanewise(BIT_COUNT));
                LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c11 = c11.add(w1.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c12 = c12.add(w1.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c13 = c13.add(w1.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c14 = c14.add(w1.lanewise(XOR, x4).lanewise(BIT_COUNT));
                c15 = c15.add(w1.lanewise(XOR, x5).lanewise(BIT_COUNT));
                c16 = c16.add(w1.lanewise(XOR, x6).lanewise(BIT_COUNT));
            }
            int out = (half - 2 * from) * 7 * HALF;
            c00.intoArray(counts, out);
            c01.intoArray(counts, out + LANES);
            c02.intoArray(counts, out + 2 * LANES);
            c03.intoArray(counts, out + 3 * LANES);
            c04.intoArray(counts, out + 4 * LANES);
            c05.intoArray(counts, out + 5 * LANES);
            c06.intoArray(counts, out + 6 * LANES);
            c10.intoArray(counts, out + 7 * LANES);
            c11.intoArray(counts, out + 8 * LANES);
            c12.intoArray(counts, out + 9 * LANES);
            c13.intoArray(counts, out + 10 * LANES);
            c14.intoArray(counts, out + 11 * LANES);
            c15.intoArray(counts, out + 12 * LANES);
            c16.intoArray(counts, out + 13 * LANES);
        }
    }

    static void planes8(long[] weights, long[] x, int xAt, int words, int from, int to, long[] counts) {
        for (int half = 2 * from; half < 2 * to; half++) {
            LongVector c00 = LongVector.zero(LONGS);
            LongVector c01 = LongVector.zero(LONGS);
            LongVector c02 = LongVector.zero(LONGS);
            LongVector c03 = LongVector.zero(LONGS);
            LongVector c04 = LongVector.zero(LONGS);
            LongVector c05 = LongVector.zero(LONGS);
            LongVector c06 = LongVector.zero(LONGS);
            LongVector c07 = LongVector.zero(LONGS);
            LongVector c10 = LongVector.zero(LONGS);
            LongVector c11 = LongVector.zero(LONGS);
            LongVector c12 = LongVector.zero(LONGS);
            LongVector c13 = LongVector.zero(LONGS);
            LongVector c14 = LongVector.zero(LONGS);
            LongVector c15 = LongVector.zero(LONGS);
            LongVector c16 = LongVector.zero(LONGS);
            LongVector c17 = LongVector.zero(LONGS);
            int first = (half >> 1) * words * BLOCK + (half & 1) * HALF;
            for (int word = 0; word < words; word++) {
                int at = first + word * BLOCK;
                LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word * 8]);
                LongVector x1 = LongVector.broadcast(LONGS, x[xAt + word * 8 + 1]);
                LongVector x2 = LongVector.broadcast(LONGS, x[xAt + word * 8 + 2]);
                LongVector x3 = LongVector.broadcast(LONGS, x[xAt + word * 8 + 3]);
                LongVector x4 = LongVector.broadcast(LONGS, x[xAt + word * 8 + 4]);
                LongVector x5 = LongVector.broadcast(LONGS, x[xAt + word * 8 + 5]);
                LongVector x6 = LongVector.broadcast(LONGS, x[xAt + word * 8 + 6]);
                LongVector x7 = LongVector.broadcast(LONGS, x[xAt + word * 8 + 7]);
                LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c01 = c01.add(w0.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c02 = c02.add(w0.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c03 = c03.add(w0.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c04 = c04.add(w0.lanewise(XOR, x4).lanewise(BIT_COUNT));
                c05 = c05.add(w0.lanewise(XOR, x5).lanewise(BIT_COUNT));
                c06 = c06.add(w0.lanewise(XOR, x6).lanewise(BIT_COUNT));
                c07 = c07.add(w0.lanewise(XOR, x7).lanewise(BIT_COUNT));
                LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c11 = c11.add(w1.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c12 = c12.add(w1.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c13 = c13.add(w1.lanewise(XOR, x3).lanewise(BIT_COUNT));
                c14 = c14.add(w1.lanewise(XOR, x4).lanewise(BIT_COUNT));
                c15 = c15.add(w1.lanewise(XOR, x5).lanewise(BIT_COUNT));
                c16 = c16.add(w1.lanewise(XOR, x6).lanewise(BIT_COUNT));
                c17 = c17.add(w1.lanewise(XOR, x7).lanewise(BIT_COUNT));
            }
            int out = (half - 2 * from) * 8 * HALF;
            c00.intoArray(counts, out);
            c01.intoArray(counts, out + LANES);
            c02.intoArray(counts, out + 2 * LANES);
            c03.intoArray(counts, out + 3 * LANES);
            c04.intoArray(counts, out + 4 * LANES);
            c05.intoArray(counts, out + 5 * LANES);
            c06.intoArray(counts, out + 6 * LANES);
            c07.intoArray(counts, out + 7 * LANES);
            c10.intoArray(counts, out + 8 * LANES);
            c11.intoArray(counts, out + 9 * LANES);
            c12.intoArray(counts, out + 10 * LANES);
            c13.intoArray(counts, out + 11 * LANES);
            c14.intoArray(counts, out + 12 * LANES);
            c15.intoArray(counts, out + 13 * LANES);
            c16.intoArray(counts, out + 14 * LANES);
            c17.intoArray(counts, out + 15 * LANES);
        }
    }
}
