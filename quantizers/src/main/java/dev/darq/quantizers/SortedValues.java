package dev.darq.quantizers;

import java.util.Arrays;

/**
 * Values in ascending order, relative to a centre, with their running sums: how many values lie between two thresholds,
 * and what they add up to, is then two binary searches, whatever the number of values.
 */
final class SortedValues {
    private final double center;
    private final float[] values;
    private final double[] sums;
    private final double squares;

    /** Sorts a copy of {@code data[from..from+length)}, all finite, and measures it from {@code center}. */
    SortedValues(float[] data, int from, int length, double center) {
        this.center = center;
        values = Arrays.copyOfRange(data, from, from + length);
        Arrays.sort(values);
        sums = new double[length + 1];
        double total = 0;
        for (int i = 0; i < length; i++) {
            double value = values[i] - center;
            sums[i + 1] = sums[i] + value;
            total += value * value;
        }
        squares = total;
    }

    int size() {
        return values.length;
    }

    /** The lowest value, relative to the centre. */
    double lowest() {
        return values[0] - center;
    }

    /** The highest value, relative to the centre. */
    double highest() {
        return values[values.length - 1] - center;
    }

    /** The sum of squares of all values, relative to the centre. */
    double squares() {
        return squares;
    }

    /** The sum of the values at positions {@code from} (included) to {@code to} (excluded). */
    double sum(int from, int to) {
        return sums[to] - sums[from];
    }

    /** The number of values below a threshold, which is relative to the centre as well; at least {@code from}. */
    int below(double threshold, int from) {
        double absolute = threshold + center;
        int low = from;
        int high = values.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] < absolute) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
