package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The two levels of one bit as 0 and 1. */
final class SignEncoder implements CodeEncoder {
    private final float threshold;

    /** An encoder for a code of one bit whose basis is positive. */
    SignEncoder(LevelActivation code) {
        threshold = code.levels().thresholds()[0];
    }

    @Override
    public int encode(float[] x, int at, int count, short[] y, int to) {
        int whole = FLOATS.loopBound(count);
        int sum = encode(threshold, x, at, whole, y, to);
        for (int i = whole; i < count; i++) {
            int q = x[at + i] >= threshold ? 1 : 0;
            sum += q;
            y[to + i] = (short) q;
        }
        return sum;
    }

    private static int encode(float threshold, float[] x, int at, int count, short[] y, int to) {
        IntVector zero = IntVector.zero(Shapes.INTS);
        IntVector sum = zero;
        for (int i = 0; i < count; i += FLOATS.length()) {
            IntVector q = zero.blend(1, FloatVector.fromArray(FLOATS, x, at + i).compare(GE, threshold)
                    .cast(Shapes.INTS));
            sum = sum.add(q);
            q.convertShape(VectorOperators.I2S, Shapes.HALF_SHORTS, 0).reinterpretAsShorts().intoArray(y, to + i);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }
}
