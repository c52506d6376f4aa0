package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static dev.darq.kernels.Shapes.HALF_SHORTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Codes evenly spaced inputs as integers, centred or unsigned, or as two digits of them. */
final class IntegerEncoder implements CodeEncoder {
    private static final int DIGIT_BITS = IntegerRun.DIGIT_BITS;
    private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;

    private final UniformActivation code;
    private final boolean split;
    /** The code that becomes 0. */
    private final int zero;
    /** The magnitude of the lowest low digit. */
    private final int centre;

    private IntegerEncoder(UniformActivation code, boolean split, int zero, int centre) {
        this.code = code;
        this.split = split;
        this.zero = zero;
        this.centre = centre;
    }

    /** {@code q - lowest - 2^(K-1)}, or digits within -8..8. */
    static IntegerEncoder centred(UniformActivation code, boolean split) {
        return new IntegerEncoder(code, split, code.lowest() + (1 << code.bits() - 1), 1 << DIGIT_BITS - 1);
    }

    /** {@code q - lowest}, or digits within 0..15. */
    static IntegerEncoder unsigned(UniformActivation code, boolean split) {
        return new IntegerEncoder(code, split, code.lowest(), 0);
    }

    @Override
    public int encode(float[] x, int at, int count, short[] y, int to) {
        int whole = FLOATS.loopBound(count);
        int sum = split
                ? encodeDigits(code, zero, centre, x, at, whole, y, to, count)
                : encodeCodes(code, zero, x, at, whole, y, to);
        for (int i = whole; i < count; i++) {
            int q = code.code(x[at + i]) - zero;
            sum += q;
            y[to + i] = (short) (split ? low(q) : q);
            if (split) {
                y[to + count + i] = (short) (q - low(q) >> DIGIT_BITS);
            }
        }
        return sum;
    }

    private int low(int q) {
        return (q + centre & DIGIT_MASK) - centre;
    }

    private static int encodeCodes(UniformActivation code, int zero, float[] x, int at, int count, short[] y, int to) {
        IntVector sum = IntVector.zero(Shapes.INTS);
        for (int i = 0; i < count; i += FLOATS.length()) {
            IntVector q = codes(code, zero, x, at + i);
            sum = sum.add(q);
            q.convertShape(VectorOperators.I2S, HALF_SHORTS, 0).reinterpretAsShorts().intoArray(y, to + i);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    private static int encodeDigits(UniformActivation code, int zero, int centre, float[] x, int at, int count,
            short[] y, int to,
            int distance) {
        IntVector sum = IntVector.zero(Shapes.INTS);
        for (int i = 0; i < count; i += FLOATS.length()) {
            IntVector q = codes(code, zero, x, at + i);
            sum = sum.add(q);
            IntVector low = q.add(centre).and(DIGIT_MASK).sub(centre);
            IntVector high = q.sub(low).lanewise(VectorOperators.ASHR, DIGIT_BITS);
            low.convertShape(VectorOperators.I2S, HALF_SHORTS, 0).reinterpretAsShorts().intoArray(y, to + i);
            high.convertShape(VectorOperators.I2S, HALF_SHORTS, 0).reinterpretAsShorts()
                    .intoArray(y, to + distance + i);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    private static IntVector codes(UniformActivation code, int zero, float[] x, int at) {
        FloatVector shifted = UniformEncoder.shifted(code, FloatVector.fromArray(FLOATS, x, at));
        return shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(UniformActivation.ROUNDER) + zero);
    }
}
