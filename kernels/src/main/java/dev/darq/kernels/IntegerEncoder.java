package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static dev.darq.kernels.Shapes.HALF_SHORTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Codes inputs as centred integers, {@code q - lowest - 2^(K-1)}, or as two digits of them. */
final class IntegerEncoder {
    /** Makes the low digit -8..7 and the high one -8..8. */
    private static final int DIGIT_CENTRE = 1 << IntegerRun.DIGIT_BITS - 1;

    private final UniformActivation code;
    private final boolean split;
    private final int zero;

    IntegerEncoder(UniformActivation code, boolean split) {
        this.code = code;
        this.split = split;
        zero = code.lowest() + (1 << code.bits() - 1);
    }

    /**
     * Encodes some inputs.
     *
     * @param y takes the {@code count} codes, or all low and then all high digits, from {@code to} on
     * @return the sum of the codes
     */
    int encode(float[] x, int at, int count, short[] y, int to) {
        int whole = FLOATS.loopBound(count);
        int sum = split
                ? encodeDigits(code, zero, x, at, whole, y, to, count)
                : encodeCodes(code, zero, x, at, whole, y, to);
        for (int i = whole; i < count; i++) {
            int q = code.code(x[at + i]) - zero;
            sum += q;
            y[to + i] = (short) (split ? low(q) : q);
            if (split) {
                y[to + count + i] = (short) (q - low(q) >> IntegerRun.DIGIT_BITS);
            }
        }
        return sum;
    }

    private static int low(int q) {
        return (q + DIGIT_CENTRE & 2 * DIGIT_CENTRE - 1) - DIGIT_CENTRE;
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

    private static int encodeDigits(UniformActivation code, int zero, float[] x, int at, int count, short[] y, int to,
            int distance) {
        IntVector sum = IntVector.zero(Shapes.INTS);
        for (int i = 0; i < count; i += FLOATS.length()) {
            IntVector q = codes(code, zero, x, at + i);
            sum = sum.add(q);
            IntVector low = q.add(DIGIT_CENTRE).and(2 * DIGIT_CENTRE - 1).sub(DIGIT_CENTRE);
            IntVector high = q.sub(low).lanewise(VectorOperators.ASHR, IntegerRun.DIGIT_BITS);
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
