package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.BinaryLevels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantization error minimisation (LQ-Nets section 3.2). */
class QemTest {
    static Stream<Arguments> fits() {
        return IntStream.of(1, 2, 3, 4, 8).boxed()
                .flatMap(bits -> Stream.of(true, false).map(offset -> Arguments.of(bits, offset)));
    }

    @ParameterizedTest
    @MethodSource("fits")
    void leastSquaresSolvesTheRidgedNormalEquations(int bits, boolean fitOffset) {
        assertLeastSquares(normal(1, 400, 0.3), bits, fitOffset);
        // Fewer values than unknowns: only the ridge, which pulls towards the present basis, decides.
        assertLeastSquares(new float[] {0.4f}, bits, fitOffset);
        assertLeastSquares(new float[] {0.4f, -1.1f}, bits, fitOffset);
    }

    private static void assertLeastSquares(float[] data, int bits, boolean fitOffset) {
        double[] start = Arrays.copyOf(BinaryFit.start(bits, 1), fitOffset ? bits + 1 : bits);
        BinaryFit expected = new BinaryFit(data, bits, start);
        expected.alternate();
        float[] basis = toFloats(start, bits);
        float offset = Qem.leastSquares(encode(data, basis, 0), basis, 0, fitOffset);
        double[] positive = Arrays.stream(expected.fit).limit(bits).map(Math::abs).sorted().toArray();
        for (int i = 0; i < bits; i++) {
            assertEquals(positive[i], basis[i], 1e-5, "a_" + i);
        }
        assertEquals(fitOffset ? expected.fit[bits] : 0, offset, 1e-5);
    }

    @Test
    void aFixedOffsetIsTakenFromTheDataBeforeTheBasisIsFitted() {
        float[] data = {4, 6, 6, 6};
        float[] basis = {0.5f};
        assertEquals(5, Qem.leastSquares(encode(data, basis, 5), basis, 5, false));
        assertEquals(1, basis[0], 1e-4);
    }

    @ParameterizedTest
    @MethodSource("fits")
    void theErrorNeverRisesFromOneAlternationToTheNext(int bits, boolean fitOffset) {
        for (int seed = 0; seed < 10; seed++) {
            float[] data = normal(seed, 300, 0.1 * seed);
            float[] basis = toFloats(BinaryFit.start(bits, 1), bits);
            float offset = 0;
            double previous = error(data, basis, offset);
            for (int alternation = 0; alternation < 20; alternation++) {
                offset = Qem.leastSquares(encode(data, basis, offset), basis, offset, fitOffset);
                double error = error(data, basis, offset);
                assertTrue(error <= previous * (1 + 1e-5) + 1e-9,
                        previous + " rose to " + error + " at alternation " + alternation);
                previous = error;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.7, -3})
    void oneBitWithoutOffsetIsTheMeanMagnitude(double centre) {
        float[] data = normal(2, 1000, centre);
        float[] basis = new float[1];
        assertEquals(0, Qem.fit(data, 0, data.length, basis, false));
        double mean = IntStream.range(0, data.length).mapToDouble(i -> Math.abs(data[i])).average().orElseThrow();
        assertEquals(mean, basis[0], 1e-6 * mean);
    }

    @ParameterizedTest
    @MethodSource("fits")
    void fitEndsWhereAlternationFromTheStartOfTheFormulaEnds(int bits, boolean fitOffset) {
        float[] data = normal(3, 500, 0);
        double mean = IntStream.range(0, data.length).mapToDouble(i -> data[i]).average().orElseThrow();
        double square = IntStream.range(0, data.length).mapToDouble(i -> data[i] * data[i]).average().orElseThrow();
        double[] start = Arrays.copyOf(BinaryFit.start(bits, Math.sqrt(square - (fitOffset ? mean * mean : 0))),
                fitOffset ? bits + 1 : bits);
        if (fitOffset) {
            start[bits] = mean;
        }
        double first = new BinaryFit(data, bits, start).error();
        double converged = new BinaryFit(data, bits, start).converge();
        float[] basis = new float[bits];
        float offset = Qem.fit(data, 0, data.length, basis, fitOffset);
        double fitted = error(data, basis, offset);
        assertTrue(fitted <= first * (1 + 1e-6), fitted + " after the start's " + first);
        assertTrue(fitted <= 1.02 * converged, fitted + " against " + converged);
    }

    /** Ratio to the best of 40 random starts. */
    @ParameterizedTest
    @CsvSource({"2, 1.01", "3, 1.10", "4, 1.20"})
    void onNormalDataTheErrorIsNearTheBestOfRandomStarts(int bits, double ratio) {
        for (int seed = 0; seed < 3; seed++) {
            float[] data = normal(10 + seed, 800, 0);
            double best = BinaryFit.bestOfRestarts(data, bits, 40, seed);
            float[] basis = new float[bits];
            Qem.fit(data, 0, data.length, basis, false);
            double fitted = error(data, basis, 0);
            assertTrue(fitted <= ratio * best, fitted + " against " + best);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void anOffsetNeverHurtsAndHelpsDataThatAreNotCentred(int bits) {
        float[] data = normal(4, 2000, 3);
        float[] basis = new float[bits];
        float offset = Qem.fit(data, 0, data.length, basis, true);
        double with = error(data, basis, offset);
        float none = Qem.fit(data, 0, data.length, basis, false);
        double without = error(data, basis, none);
        assertTrue(with < 0.7 * without, with + " against " + without);
    }

    @Test
    void onlyTheGivenRangeIsFitted() {
        float[] data = {Float.NaN, 2, -2, 2, -2, Float.NaN};
        float[] basis = new float[1];
        Qem.fit(data, 1, 4, basis, true);
        assertEquals(2, basis[0], 1e-6);
    }

    @ParameterizedTest
    @MethodSource("fits")
    void scalingTheDataScalesTheBasis(int bits, boolean fitOffset) {
        float[] data = normal(5, 300, 0.5);
        float[] basis = new float[bits];
        float offset = Qem.fit(data, 0, data.length, basis, fitOffset);
        for (float factor : new float[] {0x1p-30f, 0x1p30f}) {
            float[] scaled = data.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factor;
            }
            float[] scaledBasis = new float[bits];
            float scaledOffset = Qem.fit(scaled, 0, scaled.length, scaledBasis, fitOffset);
            assertEquals(offset, scaledOffset / factor, 1e-4);
            for (int i = 0; i < bits; i++) {
                assertEquals(basis[i], scaledBasis[i] / factor, 1e-4);
            }
        }
    }

    static Stream<Arguments> exactData() {
        return Stream.of(Arguments.of(1, new float[] {3, -3, 3}), Arguments.of(1, new float[] {5, 5, 5, 5}),
                Arguments.of(2, new float[] {3, 1, -1, -3}),
                Arguments.of(8, new float[] {0.25f}), Arguments.of(8, new float[] {2, 2, 2}),
                Arguments.of(4, new float[] {0, 0, 0}));
    }

    @ParameterizedTest
    @MethodSource("exactData")
    void dataThatABasisHoldsExactlyAreFittedExactly(int bits, float[] data) {
        for (boolean fitOffset : new boolean[] {true, false}) {
            float[] basis = new float[bits];
            float offset = Qem.fit(data, 0, data.length, basis, fitOffset);
            assertEquals(0, Math.sqrt(error(data, basis, offset) / data.length), 1e-4 * Math.abs(data[0]) + 1e-9,
                    () -> Arrays.toString(basis) + " + " + offset);
        }
    }

    @Test
    void theBasisIsPositiveAndAscending() {
        float[] basis = {-3, 0, 2, -1};
        Qem.normalize(basis);
        assertArrayEquals(new float[] {Float.MIN_NORMAL, 1, 2, 3}, basis);
        for (int seed = 0; seed < 20; seed++) {
            for (int bits : List.of(1, 2, 3, 4, 8)) {
                float[] fitted = new float[bits];
                Qem.fit(normal(seed, 1 + 3 * seed, 1), 0, 1 + 3 * seed, fitted, seed % 2 == 0);
                for (int i = 0; i < bits; i++) {
                    assertTrue(fitted[i] > (i == 0 ? 0 : Math.nextDown(fitted[i - 1])), Arrays.toString(fitted));
                }
            }
        }
    }

    private static float[] normal(long seed, int count, double centre) {
        Random random = new Random(seed);
        float[] data = new float[count];
        for (int i = 0; i < count; i++) {
            data[i] = (float) (centre + random.nextGaussian());
        }
        return data;
    }

    private static float[] toFloats(double[] values, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static CodeStatistics encode(float[] data, float[] basis, float offset) {
        BinaryLevels levels = new BinaryLevels(basis, offset);
        CodeStatistics statistics = new CodeStatistics(basis.length);
        for (float x : data) {
            statistics.add(levels.codes()[levels.encode(x)], x);
        }
        return statistics;
    }

    private static double error(float[] data, float[] basis, float offset) {
        PaperFormula.Lq formula = PaperFormula.Lq.of(basis, offset, false);
        double error = 0;
        for (float x : data) {
            error += Math.pow(x - formula.nearest(x), 2);
        }
        return error;
    }
}
