package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Encodes evenly spaced codes of up to 8 bits, {@code q - lowest}, with the very float operations of the reference. */
final class UniformEncoder extends VectorPlaneEncoder {
    private static final int LANES = FLOATS.length();

    private final UniformActivation code;

    UniformEncoder(UniformActivation code) {
        super(code.bits());
        this.code = code;
    }

    @Override
    void encodeWords(float[] x, int at, int words, long[] planes, int to, int stride, WordScratch scratch) {
        int bits = code.bits();
        int zero = Float.floatToRawIntBits(UniformActivation.ROUNDER) + code.lowest();
        for (int word = 0; word < words; word++) {
            encodeWord(code, x, at + word * Long.SIZE, zero, bits, planes, to + word * stride);
        }
    }

    private static void encodeWord(UniformActivation code, float[] x, int from, int zero, int bits, long[] planes,
            int to) {
        long p0 = 0;
        long p1 = 0;
        long p2 = 0;
        long p3 = 0;
        long p4 = 0;
        long p5 = 0;
        long p6 = 0;
        long p7 = 0;
        // As shifted, which this repeats: no vector crosses a method, or now and then the compiler makes objects of them.
        FloatVector lowest = FloatVector.broadcast(FLOATS, code.lowest());
        FloatVector highest = FloatVector.broadcast(FLOATS, code.highest());
        for (int i = 0; i < Long.SIZE; i += LANES) {
            FloatVector position = FloatVector.fromArray(FLOATS, x, from + i).sub(code.offset()).div(code.scale());
            FloatVector raised = lowest.blend(position, position.compare(VectorOperators.GT, lowest));
            FloatVector clamped = highest.blend(raised, raised.compare(VectorOperators.LT, highest));
            IntVector q = clamped.add(UniformActivation.ROUNDER).reinterpretAsInts().sub(zero);
            p0 |= q.and(1).compare(VectorOperators.NE, 0).toLong() << i;
            p1 |= q.and(2).compare(VectorOperators.NE, 0).toLong() << i;
            if (bits > 2) {
                p2 |= q.and(4).compare(VectorOperators.NE, 0).toLong() << i;
                p3 |= q.and(8).compare(VectorOperators.NE, 0).toLong() << i;
            }
            if (bits > 4) {
                p4 |= q.and(16).compare(VectorOperators.NE, 0).toLong() << i;
                p5 |= q.and(32).compare(VectorOperators.NE, 0).toLong() << i;
                p6 |= q.and(64).compare(VectorOperators.NE, 0).toLong() << i;
                p7 |= q.and(128).compare(VectorOperators.NE, 0).toLong() << i;
            }
        }
        planes[to] = p0;
        if (bits > 1) {
            planes[to + 1] = p1;
        }
        if (bits > 2) {
            planes[to + 2] = p2;
        }
        if (bits > 3) {
            planes[to + 3] = p3;
        }
        if (bits > 4) {
            planes[to + 4] = p4;
        }
        if (bits > 5) {
            planes[to + 5] = p5;
        }
        if (bits > 6) {
            planes[to + 6] = p6;
        }
        if (bits > 7) {
            planes[to + 7] = p7;
        }
    }

    /** The code as the low bits of a float, as in {@link UniformActivation#code}: compare and blend to send NaN low. */
    static FloatVector shifted(UniformActivation code, FloatVector x) {
        FloatVector lowest = FloatVector.broadcast(FLOATS, code.lowest());
        FloatVector highest = FloatVector.broadcast(FLOATS, code.highest());
        FloatVector position = x.sub(code.offset()).div(code.scale());
        FloatVector raised = lowest.blend(position, position.compare(VectorOperators.GT, lowest));
        FloatVector clamped = highest.blend(raised, raised.compare(VectorOperators.LT, highest));
        return clamped.add(UniformActivation.ROUNDER);
    }
}
