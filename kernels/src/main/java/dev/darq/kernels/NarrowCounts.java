package dev.darq.kernels;

import static dev.darq.kernels.Shapes.LANES;
import static dev.darq.kernels.Shapes.LONGS;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;

/**
 * The popcount loops for 1..4 planes, four streams to a block: at most sixteen counters, which with the operands
 * fit the registers. One method for each number of planes, each counter a variable of its own: an array of vectors would
 * live in memory, and cost twenty times as much. Nor is a step a method of its own: the compiler stops inlining such methods
 * before the sixteenth counter, while the vector operations themselves are always inlined. {@link VectorBitProduct} describes
 * the arrays.
 */
final class NarrowCounts {
    static final int STREAMS = 4;
    private static final int BLOCK = STREAMS * LANES;

    private NarrowCounts() {}

    /** One or two planes. One method, since it is then too large to be inlined; see {@link VectorFloatProduct}. */
    static void planes1or2(int planes, long[] weights, long[] x, int xAt, int words, int from, int to, long[] counts) {
        if (planes == 1) {
            for (int block = from; block < to; block++) {
                LongVector c00 = LongVector.zero(LONGS);
                LongVector c10 = LongVector.zero(LONGS);
                LongVector c20 = LongVector.zero(LONGS);
                LongVector c30 = LongVector.zero(LONGS);
                int first = block * words * BLOCK;
                for (int word = 0; word < words; word++) {
                    int at = first + word * BLOCK;
                    LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word]);
                    LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                    c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                    LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                    c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                    LongVector w2 = LongVector.fromArray(LONGS, weights, at + 2 * LANES);
                    c20 = c20.add(w2.lanewise(XOR, x0).lanewise(BIT_COUNT));
                    LongVector w3 = LongVector.fromArray(LONGS, weights, at + 3 * LANES);
                    c30 = c30.add(w3.lanewise(XOR, x0).lanewise(BIT_COUNT));
                }
                int out = (block - from) * BLOCK;
                c00.intoArray(counts, out);
                c10.intoArray(counts, out + LANES);
                c20.intoArray(counts, out + 2 * LANES);
                c30.intoArray(counts, out + 3 * LANES);
            }
            return;
        }
        for (int block = from; block < to; block++) {
            LongVector c00 = LongVector.zero(LONGS);
            LongVector c01 = LongVector.zero(LONGS);
            LongVector c10 = LongVector.zero(LONGS);
            LongVector c11 = LongVector.zero(LONGS);
            LongVector c20 = LongVector.zero(LONGS);
            LongVector c21 = LongVector.zero(LONGS);
            LongVector c30 = LongVector.zero(LONGS);
            LongVector c31 = LongVector.zero(LONGS);
            int first = block * words * BLOCK;
            for (int word = 0; word < words; word++) {
                int at = first + word * BLOCK;
                LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word * 2]);
                LongVector x1 = LongVector.broadcast(LONGS, x[xAt + word * 2 + 1]);
                LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c01 = c01.add(w0.lanewise(XOR, x1).lanewise(BIT_COUNT));
                LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c11 = c11.add(w1.lanewise(XOR, x1).lanewise(BIT_COUNT));
                LongVector w2 = LongVector.fromArray(LONGS, weights, at + 2 * LANES);
                c20 = c20.add(w2.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c21 = c21.add(w2.lanewise(XOR, x1).lanewise(BIT_COUNT));
                LongVector w3 = LongVector.fromArray(LONGS, weights, at + 3 * LANES);
                c30 = c30.add(w3.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c31 = c31.add(w3.lanewise(XOR, x1).lanewise(BIT_COUNT));
            }
            int out = (block - from) * 2 * BLOCK;
            c00.intoArray(counts, out);
            c01.intoArray(counts, out + LANES);
            c10.intoArray(counts, out + 2 * LANES);
            c11.intoArray(counts, out + 3 * LANES);
            c20.intoArray(counts, out + 4 * LANES);
            c21.intoArray(counts, out + 5 * LANES);
            c30.intoArray(counts, out + 6 * LANES);
            c31.intoArray(counts, out + 7 * LANES);
        }
    }

    static void planes3(long[] weights, long[] x, int xAt, int words, int from, int to, long[] counts) {
        for (int block = from; block < to; block++) {
            LongVector c00 = LongVector.zero(LONGS);
            LongVector c01 = LongVector.zero(LONGS);
            LongVector c02 = LongVector.zero(LONGS);
            LongVector c10 = LongVector.zero(LONGS);
            LongVector c11 = LongVector.zero(LONGS);
            LongVector c12 = LongVector.zero(LONGS);
            LongVector c20 = LongVector.zero(LONGS);
            LongVector c21 = LongVector.zero(LONGS);
            LongVector c22 = LongVector.zero(LONGS);
            LongVector c30 = LongVector.zero(LONGS);
            LongVector c31 = LongVector.zero(LONGS);
            LongVector c32 = LongVector.zero(LONGS);
            int first = block * words * BLOCK;
            for (int word = 0; word < words; word++) {
                int at = first + word * BLOCK;
                LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word * 3]);
                LongVector x1 = LongVector.broadcast(LONGS, x[xAt + word * 3 + 1]);
                LongVector x2 = LongVector.broadcast(LONGS, x[xAt + word * 3 + 2]);
                LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c01 = c01.add(w0.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c02 = c02.add(w0.lanewise(XOR, x2).lanewise(BIT_COUNT));
                LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c11 = c11.add(w1.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c12 = c12.add(w1.lanewise(XOR, x2).lanewise(BIT_COUNT));
                LongVector w2 = LongVector.fromArray(LONGS, weights, at + 2 * LANES);
                c20 = c20.add(w2.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c21 = c21.add(w2.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c22 = c22.add(w2.lanewise(XOR, x2).lanewise(BIT_COUNT));
                LongVector w3 = LongVector.fromArray(LONGS, weights, at + 3 * LANES);
                c30 = c30.add(w3.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c31 = c31.add(w3.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c32 = c32.add(w3.lanewise(XOR, x2).lanewise(BIT_COUNT));
            }
            int out = (block - from) * 3 * BLOCK;
            c00.intoArray(counts, out);
            c01.intoArray(counts, out + LANES);
            c02.intoArray(counts, out + 2 * LANES);
            c10.intoArray(counts, out + 3 * LANES);
            c11.intoArray(counts, out + 4 * LANES);
            c12.intoArray(counts, out + 5 * LANES);
            c20.intoArray(counts, out + 6 * LANES);
            c21.intoArray(counts, out + 7 * LANES);
            c22.intoArray(counts, out + 8 * LANES);
            c30.intoArray(counts, out + 9 * LANES);
            c31.intoArray(counts, out + 10 * LANES);
            c32.intoArray(counts, out + 11 * LANES);
        }
    }

    static void planes4(long[] weights, long[] x, int xAt, int words, int from, int to, long[] counts) {
        for (int block = from; block < to; block++) {
            LongVector c00 = LongVector.zero(LONGS);
            LongVector c01 = LongVector.zero(LONGS);
            LongVector c02 = LongVector.zero(LONGS);
            LongVector c03 = LongVector.zero(LONGS);
            LongVector c10 = LongVector.zero(LONGS);
            LongVector c11 = LongVector.zero(LONGS);
            LongVector c12 = LongVector.zero(LONGS);
            LongVector c13 = LongVector.zero(LONGS);
            LongVector c20 = LongVector.zero(LONGS);
            LongVector c21 = LongVector.zero(LONGS);
            LongVector c22 = LongVector.zero(LONGS);
            LongVector c23 = LongVector.zero(LONGS);
            LongVector c30 = LongVector.zero(LONGS);
            LongVector c31 = LongVector.zero(LONGS);
            LongVector c32 = LongVector.zero(LONGS);
            LongVector c33 = LongVector.zero(LONGS);
            int first = block * words * BLOCK;
            for (int word = 0; word < words; word++) {
                int at = first + word * BLOCK;
                LongVector x0 = LongVector.broadcast(LONGS, x[xAt + word * 4]);
                LongVector x1 = LongVector.broadcast(LONGS, x[xAt + word * 4 + 1]);
                LongVector x2 = LongVector.broadcast(LONGS, x[xAt + word * 4 + 2]);
                LongVector x3 = LongVector.broadcast(LONGS, x[xAt + word * 4 + 3]);
                LongVector w0 = LongVector.fromArray(LONGS, weights, at);
                c00 = c00.add(w0.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c01 = c01.add(w0.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c02 = c02.add(w0.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c03 = c03.add(w0.lanewise(XOR, x3).lanewise(BIT_COUNT));
                LongVector w1 = LongVector.fromArray(LONGS, weights, at + LANES);
                c10 = c10.add(w1.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c11 = c11.add(w1.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c12 = c12.add(w1.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c13 = c13.add(w1.lanewise(XOR, x3).lanewise(BIT_COUNT));
                LongVector w2 = LongVector.fromArray(LONGS, weights, at + 2 * LANES);
                c20 = c20.add(w2.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c21 = c21.add(w2.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c22 = c22.add(w2.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c23 = c23.add(w2.lanewise(XOR, x3).lanewise(BIT_COUNT));
                LongVector w3 = LongVector.fromArray(LONGS, weights, at + 3 * LANES);
                c30 = c30.add(w3.lanewise(XOR, x0).lanewise(BIT_COUNT));
                c31 = c31.add(w3.lanewise(XOR, x1).lanewise(BIT_COUNT));
                c32 = c32.add(w3.lanewise(XOR, x2).lanewise(BIT_COUNT));
                c33 = c33.add(w3.lanewise(XOR, x3).lanewise(BIT_COUNT));
            }
            int out = (block - from) * 4 * BLOCK;
            c00.intoArray(counts, out);
            c01.intoArray(counts, out + LANES);
            c02.intoArray(counts, out + 2 * LANES);
            c03.intoArray(counts, out + 3 * LANES);
            c10.intoArray(counts, out + 4 * LANES);
            c11.intoArray(counts, out + 5 * LANES);
            c12.intoArray(counts, out + 6 * LANES);
            c13.intoArray(counts, out + 7 * LANES);
            c20.intoArray(counts, out + 8 * LANES);
            c21.intoArray(counts, out + 9 * LANES);
            c22.intoArray(counts, out + 10 * LANES);
            c23.intoArray(counts, out + 11 * LANES);
            c30.intoArray(counts, out + 12 * LANES);
            c31.intoArray(counts, out + 13 * LANES);
            c32.intoArray(counts, out + 14 * LANES);
            c33.intoArray(counts, out + 15 * LANES);
        }
    }
}
