package dev.darq.quantizers;

import static dev.darq.quantizers.Lanes.COUNT;
import static dev.darq.quantizers.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * LSQ equations 2 and 3, LSQ+ equations 3 to 5: {@code dQ/dx = 1} inside the clip range, else 0;
 * {@code dQ/ds = round(v) - (x - beta)/s} inside, {@code Qn} below and {@code Qp} above; {@code dQ/dbeta = 0} inside, 1
 * outside. NaN counts as below.
 *
 * @param scale   s
 * @param offset  beta
 * @param lowest  Qn
 * @param highest Qp
 * @param sign    whether the codes are -1 and +1 alone
 */
record StepSizeSweep(float scale, float offset, float lowest, float highest, boolean sign) {
    /** Gradients of one row by scale and offset. */
    record Sums(double byScale, double byOffset) {}

    Sums differentiate(float[] data, int from, int length, float[] gradient, float weight, float[] dataGradient) {
        int end = from + length;
        float s = scale;
        float beta = offset;
        boolean onlySigns = sign;
        FloatVector low = FloatVector.broadcast(FLOATS, lowest);
        FloatVector high = FloatVector.broadcast(FLOATS, highest);
        FloatVector byScale = FloatVector.zero(FLOATS);
        FloatVector byOffset = byScale;
        for (int i = from; i < end; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(end, i);
            FloatVector v = Lanes.load(data, i, lanes).sub(beta).div(s);
            VectorMask<Float> notBelow = v.compare(GE, low);
            VectorMask<Float> above = v.compare(GT, high);
            VectorMask<Float> inside = notBelow.andNot(above);
            FloatVector code = onlySigns
                    ? low.blend(high, v.compare(GE, 0f))
                    : v.add(UniformGrid.ROUND).sub(UniformGrid.ROUND);
            FloatVector slope = low.blend(code.sub(v), notBelow).blend(high, above);
            FloatVector g = Lanes.load(gradient, i, lanes).mul(weight);
            Lanes.load(dataGradient, i, lanes).add(g, inside).intoArray(dataGradient, i, lanes);
            byScale = byScale.add(g.mul(slope));
            byOffset = byOffset.add(FloatVector.zero(FLOATS).blend(g, inside.not()));
        }
        return new Sums(Lanes.sum(byScale), Lanes.sum(byOffset));
    }
}
