package dev.darq.quantizers;

import static dev.darq.quantizers.Lanes.COUNT;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The straight-through estimator (Bengio et al. 2013): the gradient by the data is that by the quantized values. */
final class StraightThrough {
    private StraightThrough() {}

    /** {@code dataGradient += weight * gradient}. */
    static void everywhere(int from, int length, float[] gradient, float weight, float[] dataGradient) {
        int end = from + length;
        for (int i = from; i < end; i++) {
            dataGradient[i] += gradient[i] * weight;
        }
    }

    /** The same where {@code low <= data <= high} alone; NaN is outside. */
    static void within(float low, float high, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        int end = from + length;
        for (int i = from; i < end; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(end, i);
            FloatVector x = Lanes.load(data, i, lanes);
            VectorMask<Float> inside = x.compare(GE, low).and(x.compare(LE, high)).and(lanes);
            FloatVector g = Lanes.load(gradient, i, inside).mul(weight);
            Lanes.load(dataGradient, i, inside).add(g).intoArray(dataGradient, i, inside);
        }
    }
}
