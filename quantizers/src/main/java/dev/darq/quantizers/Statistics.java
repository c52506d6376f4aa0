package dev.darq.quantizers;

/** Sums over float arrays; eight independent chains, in a fixed order, so that they are fast and reproducible. */
public final class Statistics {
    private Statistics() {}

    /** Sum of {@code values[from..from+length)}. */
    public static double sum(float[] values, int from, int length) {
        float a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = from;
        for (int end = from + (length & ~7); i < end; i += 8) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
            e += values[i + 4];
            f += values[i + 5];
            g += values[i + 6];
            h += values[i + 7];
        }
        for (; i < from + length; i++) {
            a += values[i];
        }
        return ((double) a + b) + ((double) c + d) + (((double) e + f) + ((double) g + h));
    }

    /** Inner product of two arrays over the same positions. */
    public static double dot(float[] left, float[] right, int from, int length) {
        float a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = from;
        for (int end = from + (length & ~7); i < end; i += 8) {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
            e += left[i + 4] * right[i + 4];
            f += left[i + 5] * right[i + 5];
            g += left[i + 6] * right[i + 6];
            h += left[i + 7] * right[i + 7];
        }
        for (; i < from + length; i++) {
            a += left[i] * right[i];
        }
        return ((double) a + b) + ((double) c + d) + (((double) e + f) + ((double) g + h));
    }

    /** Sum of squared differences of two arrays over the same positions. */
    public static double squaredDistance(float[] left, float[] right, int from, int length) {
        float a = 0, b = 0, c = 0, d = 0;
        int i = from;
        for (int end = from + (length & ~3); i < end; i += 4) {
            float p = left[i] - right[i];
            float q = left[i + 1] - right[i + 1];
            float r = left[i + 2] - right[i + 2];
            float s = left[i + 3] - right[i + 3];
            a += p * p;
            b += q * q;
            c += r * r;
            d += s * s;
        }
        for (; i < from + length; i++) {
            a += (left[i] - right[i]) * (left[i] - right[i]);
        }
        return ((double) a + b) + ((double) c + d);
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
        float minimum = Float.POSITIVE_INFINITY;
        for (int i = from; i < from + length; i++) {
            minimum = Math.min(minimum, values[i]);
        }
        return minimum;
    }

    static float maximum(float[] values, int from, int length) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + length; i++) {
            maximum = Math.max(maximum, values[i]);
        }
        return maximum;
    }

    static float maximumMagnitude(float[] values, int from, int length) {
        float maximum = 0;
        for (int i = from; i < from + length; i++) {
            maximum = Math.max(maximum, Math.abs(values[i]));
        }
        return maximum;
    }

    static double meanMagnitude(float[] values, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += Math.abs(values[i]);
        }
        return sum / length;
    }
}
