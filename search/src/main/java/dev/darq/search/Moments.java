package dev.darq.search;

import java.util.stream.IntStream;

/** Moments of samples. */
final class Moments {
    private Moments() {}

    /**
     * The covariance of two sets of variables over the same samples.
     *
     * @param left    {@code [samples, rows]}
     * @param right   {@code [samples, columns]}
     * @return {@code [rows][columns]}
     */
    static double[][] covariance(float[] left, int rows, float[] right, int columns, int samples) {
        double[] leftMeans = means(left, rows, samples);
        double[] rightMeans = means(right, columns, samples);
        double[][] covariance = new double[rows][columns];
        IntStream.range(0, rows).parallel().forEach(row -> {
            double[] sums = covariance[row];
            for (int i = 0; i < samples; i++) {
                double factor = left[i * rows + row] - leftMeans[row];
                int from = i * columns;
                for (int column = 0; column < columns; column++) {
                    sums[column] += factor * right[from + column];
                }
            }
            // The factors sum to zero but for rounding, so the means of the right need not be taken off each sample.
            double rest = 0;
            for (int i = 0; i < samples; i++) {
                rest += left[i * rows + row] - leftMeans[row];
            }
            for (int column = 0; column < columns; column++) {
                sums[column] = (sums[column] - rest * rightMeans[column]) / samples;
            }
        });
        return covariance;
    }

    private static double[] means(float[] values, int width, int samples) {
        double[] means = new double[width];
        for (int i = 0; i < values.length; i++) {
            means[i % width] += values[i];
        }
        for (int k = 0; k < width; k++) {
            means[k] /= samples;
        }
        return means;
    }
}
