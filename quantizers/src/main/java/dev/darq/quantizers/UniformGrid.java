package dev.darq.quantizers;

import static dev.darq.quantizers.Lanes.COUNT;
import static dev.darq.quantizers.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.darq.kernels.UniformActivation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The grid {@code offset + scale * {lowest, ..., highest}}, shared by the uniform schemes. The order of operations is
 * that of the kernels' encoder, so that both round every value alike; NaN takes the lowest code in both.
 *
 * @param scale   step between levels, positive
 * @param offset  value of code 0
 * @param lowest  lowest integer code
 * @param highest highest integer code
 */
record UniformGrid(float scale, float offset, int lowest, int highest) implements Codebook {
    /** Data that are all zero have no range: any positive step gives them the code 0. */
    static final float LEAST_SCALE = Float.MIN_NORMAL * 1e6f;
    /** Adding and subtracting this rounds half to even, for absolute values up to 2^22. */
    static final float ROUND = 12_582_912f;

    static UniformGrid symmetric(float scale, int bits) {
        int highest = (1 << (bits - 1)) - 1;
        return new UniformGrid(scale, 0, -highest, highest);
    }

    /**
     * A scale rounded to 14 significant bits. Every sum of its multiples by at most 9 bits is then exact in float32,
     * wherever the grid lies: a code and the value it stands for are one and the same.
     */
    static float coarse(float scale) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(scale) + (1 << 9)) & -(1 << 10));
    }

    static float round(float value) {
        return (value + ROUND) - ROUND;
    }

    /** The rounded position on a grid. The way over an integer costs little and turns NaN into the lowest code. */
    static float code(float position, float lowest, float highest) {
        float code = round(Math.min(Math.max(position, lowest), highest));
        return (int) (code - lowest) + lowest;
    }

    /** The signed integer code of a value. */
    int level(float value) {
        return (int) code((value - offset) / scale, lowest, highest);
    }

    void forward(float[] data, int from, int length, float[] quantized) {
        float step = scale;
        float zero = offset;
        int end = from + length;
        FloatVector low = FloatVector.broadcast(FLOATS, lowest);
        FloatVector high = FloatVector.broadcast(FLOATS, highest);
        for (int i = from; i < end; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(end, i);
            FloatVector position = Lanes.load(data, i, lanes).sub(zero).div(step);
            FloatVector raised = low.blend(position, position.compare(GT, low));
            FloatVector clipped = high.blend(raised, raised.compare(LT, high));
            clipped.add(ROUND).sub(ROUND).mul(step).add(zero).intoArray(quantized, i, lanes);
        }
    }

    UniformActivation freeze(int bits) {
        return new UniformActivation(bits, scale, offset, lowest, highest);
    }

    private int bits() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(highest - lowest);
    }

    @Override
    public int code(float value) {
        return level(value) - lowest;
    }

    /** {@code a_i = s 2^(i-1)} (formulas.md, "One representation"). */
    @Override
    public float[] basis() {
        float[] basis = new float[bits()];
        for (int k = 0; k < basis.length; k++) {
            basis[k] = scale * (1 << k) / 2;
        }
        return basis;
    }

    /** The offset of the binary code, half way between the ends of all {@code 2^K} codes. */
    @Override
    public float codeOffset() {
        return (float) (scale * (((1 << bits()) - 1) / 2.0 + lowest) + offset);
    }
}
