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
        for (int i = 0; i < Long.SIZE; i += LANES) {
            IntVector q = shifted(code, FloatVector.fromArray(FLOATS, x, from + i)).reinterpretAsInts().sub(zero);
            p0 |= bit(q, 1) << i;
            p1 |= bit(q, 2) << i;
            if (bits > 2) {
                p2 |= bit(q, 4) << i;
                p3 |= bit(q, 8) << i;
            }
            if (bits > 4) {
                p4 |= bit(q, 16) << i;
                p5 |= bit(q, 32) << i;
                p6 |= bit(q, 64) << i;
                p7 |= bit(q, 128) << i;
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

    private static long bit(IntVector codes, int bit) {
        return codes.and(bit).compare(VectorOperators.NE, 0).toLong();
    }
}
