package dev.darq.kernels;

import static dev.darq.kernels.Shapes.BYTES;
import static dev.darq.kernels.Shapes.INTS;
import static dev.darq.kernels.Shapes.SHORTS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link VectorIntegerProduct}: a pair of groups of rows against one, two or four inputs, in 16-bit lanes. Each
 * counter is a variable of its own, for the reasons given in {@link NarrowCounts}; the partial sums go through memory, so that
 * widening them is a loop of its own.
 */
final class IntegerDots {
    static final int MOST_INPUTS = 4;
    private static final int GROUP = SHORTS.length();
    /** The rows of a pair of groups. */
    static final int PAIR = 2 * GROUP;
    private static final int HALF = INTS.length();

    private IntegerDots() {}

    /**
     * One, two or four inputs. One method, since it is then too large to be inlined into its callers; see {@link
     * VectorFloatProduct}.
     *
     * @param stride the distance from input to input
     * @param partial takes {@code [input][lane]}
     */
    static void inputs(int count, byte[] weights, int first, short[] x, int xAt, int columns, int stride,
            short[] partial) {
        switch (count) {
            case 1 -> {
                ShortVector a0 = ShortVector.zero(SHORTS);
                ShortVector b0 = a0;
                for (int k = 0; k < columns; k++) {
                    ShortVector x0 = ShortVector.broadcast(SHORTS, x[xAt + k]);
                    a0 = a0.add(load(weights, first + k * PAIR).mul(x0));
                    b0 = b0.add(load(weights, first + k * PAIR + GROUP).mul(x0));
                }
                a0.intoArray(partial, 0);
                b0.intoArray(partial, GROUP);
            }
            case 2 -> {
                ShortVector a0 = ShortVector.zero(SHORTS);
                ShortVector a1 = a0;
                ShortVector b0 = a0;
                ShortVector b1 = a0;
                for (int k = 0; k < columns; k++) {
                    ShortVector a = load(weights, first + k * PAIR);
                    ShortVector b = load(weights, first + k * PAIR + GROUP);
                    ShortVector x0 = ShortVector.broadcast(SHORTS, x[xAt + k]);
                    ShortVector x1 = ShortVector.broadcast(SHORTS, x[xAt + stride + k]);
                    a0 = a0.add(a.mul(x0));
                    b0 = b0.add(b.mul(x0));
                    a1 = a1.add(a.mul(x1));
                    b1 = b1.add(b.mul(x1));
                }
                a0.intoArray(partial, 0);
                b0.intoArray(partial, GROUP);
                a1.intoArray(partial, PAIR);
                b1.intoArray(partial, PAIR + GROUP);
            }
            default -> {
                ShortVector a0 = ShortVector.zero(SHORTS);
                ShortVector a1 = a0;
                ShortVector a2 = a0;
                ShortVector a3 = a0;
                ShortVector b0 = a0;
                ShortVector b1 = a0;
                ShortVector b2 = a0;
                ShortVector b3 = a0;
                for (int k = 0; k < columns; k++) {
                    ShortVector a = load(weights, first + k * PAIR);
                    ShortVector b = load(weights, first + k * PAIR + GROUP);
                    ShortVector x0 = ShortVector.broadcast(SHORTS, x[xAt + k]);
                    ShortVector x1 = ShortVector.broadcast(SHORTS, x[xAt + stride + k]);
                    a0 = a0.add(a.mul(x0));
                    b0 = b0.add(b.mul(x0));
                    a1 = a1.add(a.mul(x1));
                    b1 = b1.add(b.mul(x1));
                    ShortVector x2 = ShortVector.broadcast(SHORTS, x[xAt + 2 * stride + k]);
                    ShortVector x3 = ShortVector.broadcast(SHORTS, x[xAt + 3 * stride + k]);
                    a2 = a2.add(a.mul(x2));
                    b2 = b2.add(b.mul(x2));
                    a3 = a3.add(a.mul(x3));
                    b3 = b3.add(b.mul(x3));
                }
                a0.intoArray(partial, 0);
                b0.intoArray(partial, GROUP);
                a1.intoArray(partial, PAIR);
                b1.intoArray(partial, PAIR + GROUP);
                a2.intoArray(partial, 2 * PAIR);
                b2.intoArray(partial, 2 * PAIR + GROUP);
                a3.intoArray(partial, 3 * PAIR);
                b3.intoArray(partial, 3 * PAIR + GROUP);
            }
        }
    }

    /** Adds the partial sums of some inputs to theirs of 32 bits, {@code [input][row in pair]}. */
    static void widen(short[] partial, int inputs, int[] sums, int at) {
        for (int i = 0; i < inputs * PAIR; i += GROUP) {
            IntVector both = ShortVector.fromArray(SHORTS, partial, i).reinterpretAsInts();
            add(low(both), sums, at + i);
            add(both.lanewise(VectorOperators.ASHR, 16), sums, at + i + HALF);
        }
    }

    /** As {@link #widen}; two inputs are the low and the high digit of one sample. */
    static void widenDigits(short[] partial, int samples, int[] sums, int at) {
        for (int sample = 0; sample < samples; sample++) {
            for (int i = 0; i < PAIR; i += GROUP) {
                IntVector digit0 = ShortVector.fromArray(SHORTS, partial, 2 * sample * PAIR + i).reinterpretAsInts();
                IntVector digit1 = ShortVector.fromArray(SHORTS, partial, (2 * sample + 1) * PAIR + i)
                        .reinterpretAsInts();
                int to = at + sample * PAIR + i;
                add(low(digit0).add(low(digit1).lanewise(VectorOperators.LSHL, IntegerRun.DIGIT_BITS)), sums, to);
                IntVector high1 = digit1.lanewise(VectorOperators.ASHR, 16);
                add(digit0.lanewise(VectorOperators.ASHR, 16)
                        .add(high1.lanewise(VectorOperators.LSHL, IntegerRun.DIGIT_BITS)), sums, to + HALF);
            }
        }
    }

    private static IntVector low(IntVector both) {
        return both.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
    }

    private static void add(IntVector values, int[] sums, int at) {
        IntVector.fromArray(INTS, sums, at).add(values).intoArray(sums, at);
    }

    private static ShortVector load(byte[] weights, int at) {
        return (ShortVector) ByteVector.fromArray(BYTES, weights, at).convertShape(VectorOperators.B2S, SHORTS, 0);
    }
}
