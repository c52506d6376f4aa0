package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsTest {
    private static final int FROM = 3;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 1000, 4099})
    void sumsCoverExactlyTheGivenRange(int length) {
        Random random = new Random(length);
        float[] left = new float[FROM + length + 9];
        float[] right = new float[left.length];
        for (int i = 0; i < left.length; i++) {
            boolean inside = i >= FROM && i < FROM + length;
            left[i] = inside ? (float) random.nextGaussian() : Float.NaN;
            right[i] = inside ? (float) random.nextGaussian() : Float.NaN;
        }
        double tolerance = 1e-6 * (length + 1);
        assertEquals(range(length).mapToDouble(i -> left[i]).sum(), Statistics.sum(left, FROM, length), tolerance);
        assertEquals(range(length).mapToDouble(i -> (double) left[i] * right[i]).sum(),
                Statistics.dot(left, right, FROM, length), tolerance);
        assertEquals(range(length).mapToDouble(i -> Math.pow((double) left[i] - right[i], 2)).sum(),
                Statistics.squaredDistance(left, right, FROM, length), tolerance);
        if (length > 0) {
            double mean = range(length).mapToDouble(i -> left[i]).average().orElseThrow();
            double variance = range(length).mapToDouble(i -> Math.pow(left[i] - mean, 2)).average().orElseThrow();
            assertArrayEquals(new double[] {mean, Math.sqrt(variance)},
                    Statistics.meanAndDeviation(left, FROM, length), 1e-9);
            assertEquals(range(length).mapToDouble(i -> Math.abs(left[i])).average().orElseThrow(),
                    Statistics.meanMagnitude(left, FROM, length), 1e-6);
            assertEquals(range(length).mapToDouble(i -> Math.abs(left[i])).max().orElseThrow(),
                    Statistics.maximumMagnitude(left, FROM, length));
        }
    }

    private static IntStream range(int length) {
        return IntStream.range(FROM, FROM + length);
    }

    @ParameterizedTest
    @CsvSource({"100000, 2e-5", "3000000, 1e-3"})
    void longSumsKeepTheDigitsThatChainsOfFloatsCan(int length, double relative) {
        Random random = new Random(1);
        float[] values = new float[length];
        double expected = 0;
        double squares = 0;
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat();
            expected += values[i];
            squares += (double) values[i] * values[i];
        }
        assertEquals(expected, Statistics.sum(values, 0, length), relative * expected);
        assertEquals(squares, Statistics.dot(values, values, 0, length), relative * squares);
        assertEquals(squares, Statistics.squaredDistance(values, new float[length], 0, length), relative * squares);
    }
}
