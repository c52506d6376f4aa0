package dev.darq.quantizers;

import static dev.darq.quantizers.Lanes.COUNT;
import static dev.darq.quantizers.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GE;

import dev.darq.kernels.LevelActivation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The one-bit codes {@code {-1, +1}} times a scale around an offset, shared by the schemes' one-bit forms. The offset
 * itself takes the upper level, NaN the lower.
 *
 * @param scale  distance of both levels from the offset
 * @param offset the middle, and the threshold
 */
record TwoLevels(float scale, float offset) implements Codebook {
    void forward(float[] data, int from, int length, float[] quantized) {
        float threshold = offset;
        int end = from + length;
        FloatVector low = FloatVector.broadcast(FLOATS, offset - scale);
        FloatVector high = FloatVector.broadcast(FLOATS, offset + scale);
        for (int i = from; i < end; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(end, i);
            low.blend(high, Lanes.load(data, i, lanes).compare(GE, threshold)).intoArray(quantized, i, lanes);
        }
    }

    LevelActivation freeze() {
        return new LevelActivation(basis(), offset);
    }

    @Override
    public int code(float value) {
        return value >= offset ? 1 : 0;
    }

    @Override
    public float[] basis() {
        return new float[] {scale};
    }

    @Override
    public float codeOffset() {
        return offset;
    }
}
