package dev.darq.quantizers;

import static dev.darq.quantizers.Lanes.COUNT;
import static dev.darq.quantizers.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Sums over float arrays, in a fixed order, so that they are reproducible. */
public final class Statistics {
    /** Values whose sum is taken in float32; sums of those are taken in float64. */
    static final int BLOCK = 4096;

    private Statistics() {}

    /** A sum over a range. */
    private interface Sum {
        float of(int from, int end);
    }

    private static double blocks(int from, int length, Sum sum) {
        double total = 0;
        for (int at = from; at < from + length; at += BLOCK) {
            total += sum.of(at, Math.min(from + length, at + BLOCK));
        }
        return total;
    }

    /** Sum of {@code values[from..from+length)}. */
    public static double sum(float[] values, int from, int length) {
        return blocks(from, length, (at, end) -> {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = at; i < end; i += COUNT) {
                sum = sum.add(Lanes.load(values, i, Lanes.before(end, i)));
            }
            return Lanes.sum(sum);
        });
    }

    /** Whether all of these values are finite: 0 times any other is NaN, and stays so in a sum. */
    public static boolean areFinite(float[] values, int from, int length) {
        int end = from + length;
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector sum = zero;
        for (int i = from; i < end; i += COUNT) {
            sum = Lanes.load(values, i, Lanes.before(end, i)).fma(zero, sum);
        }
        return sum.compare(EQ, 0f).allTrue();
    }

    /** Inner product of two arrays over the same positions. */
    public static double dot(float[] left, float[] right, int from, int length) {
        return blocks(from, length, (at, end) -> {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = at; i < end; i += COUNT) {
                VectorMask<Float> lanes = Lanes.before(end, i);
                sum = Lanes.load(left, i, lanes).fma(Lanes.load(right, i, lanes), sum);
            }
            return Lanes.sum(sum);
        });
    }

    /** Sum of squared differences of two arrays over the same positions. */
    public static double squaredDistance(float[] left, float[] right, int from, int length) {
        return blocks(from, length, (at, end) -> {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = at; i < end; i += COUNT) {
                VectorMask<Float> lanes = Lanes.before(end, i);
                FloatVector distance = Lanes.load(left, i, lanes).sub(Lanes.load(right, i, lanes));
                sum = distance.fma(distance, sum);
            }
            return Lanes.sum(sum);
        });
    }

    /** Mean and (population) standard deviation of {@code values[from..from+length)}, in double. */
    static double[] meanAndDeviation(float[] values, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += values[i];
        }
        double mean = sum / length;
        double squares = 0;
        for (int i = from; i < from + length; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return new double[] {mean, Math.sqrt(squares / length)};
    }

    static float minimum(float[] values, int from, int length) {
        FloatVector least = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
        for (int i = from; i < from + length; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(from + length, i);
            least = least.lanewise(MIN, Lanes.load(values, i, lanes), lanes);
        }
        return least.reduceLanes(MIN);
    }

    static float maximum(float[] values, int from, int length) {
        FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = from; i < from + length; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(from + length, i);
            most = most.lanewise(MAX, Lanes.load(values, i, lanes), lanes);
        }
        return most.reduceLanes(MAX);
    }

    static float maximumMagnitude(float[] values, int from, int length) {
        FloatVector most = FloatVector.zero(FLOATS);
        for (int i = from; i < from + length; i += COUNT) {
            most = most.max(Lanes.load(values, i, Lanes.before(from + length, i)).abs());
        }
        return most.reduceLanes(MAX);
    }

    static double meanMagnitude(float[] values, int from, int length) {
        return blocks(from, length, (at, end) -> {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = at; i < end; i += COUNT) {
                sum = sum.add(Lanes.load(values, i, Lanes.before(end, i)).abs());
            }
            return Lanes.sum(sum);
        }) / length;
    }
}
