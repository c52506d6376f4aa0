package dev.darq.quantizers;

/**
 * What QEM needs to know of the data of one basis: how many values each code received, and their sum. Every entry of
 * {@code B B^T} and {@code B x} is a signed sum of these, so one sweep over the data suffices.
 */
final class CodeStatistics {
    final long[] count;
    final double[] sum;

    CodeStatistics(int bits) {
        count = new long[1 << bits];
        sum = new double[1 << bits];
    }

    void add(int code, float value) {
        count[code]++;
        sum[code] += value;
    }

    void add(int code, int values, double total) {
        count[code] += values;
        sum[code] += total;
    }

    void clear() {
        java.util.Arrays.fill(count, 0);
        java.util.Arrays.fill(sum, 0);
    }
}
