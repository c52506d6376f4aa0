package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every quantizer whatever its formula. */
class QuantizerContractTest {
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void aChannelHasAtMostTwoToTheBitsLevels(Subject subject) {
        int columns = subject.candidate().bits() <= 8 ? 2000 : 70_000;
        if (subject.candidate().scheme() == Scheme.FLOAT) {
            return;
        }
        float[] data = subject.data(4, 2, columns);
        Quantizer quantizer = subject.initialized(data, 2);
        float[] quantized = subject.forwardRows(quantizer, data, 2);
        for (int row = 0; row < 2; row++) {
            TreeSet<Float> levels = new TreeSet<>();
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                levels.add(quantized[i]);
            }
            int most = 1 << subject.candidate().bits();
            assertTrue(levels.size() <= most, () -> levels.size() + " levels: " + levels);
            assertTrue(levels.size() > Math.min(most, 2000) / 8, () -> "only " + levels);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void quantizingTwiceChangesNothing(Subject subject) {
        float[] data = subject.data(5, Subject.ROWS, 500);
        Quantizer quantizer = subject.initialized(data, Subject.ROWS);
        float[] once = subject.forwardRows(quantizer, data, Subject.ROWS);
        assertArrayEquals(once, subject.forwardRows(quantizer, once, Subject.ROWS));
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void aLargerValueNeverGetsASmallerLevel(Subject subject) {
        Quantizer quantizer = subject.initialized();
        float[] sorted = subject.data(6, 1, 1000);
        Arrays.sort(sorted);
        float[] quantized = subject.forward(quantizer, 0, sorted);
        for (int i = 1; i < sorted.length; i++) {
            assertTrue(quantized[i - 1] <= quantized[i], sorted[i - 1] + " and " + sorted[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void onlyTheGivenRangeIsReadAndWritten(Subject subject) {
        Quantizer quantizer = subject.initialized();
        float[] data = subject.data(7, 1, 40);
        float[] whole = subject.forward(quantizer, 1, data);
        float[] quantized = new float[40];
        Arrays.fill(quantized, 777);
        float[] dataGradient = quantized.clone();
        float[] gradient = new float[40];
        Arrays.fill(gradient, 1);
        float[] input = data.clone();
        Arrays.fill(input, 0, 11, Float.NaN);
        Arrays.fill(input, 30, 40, Float.NaN);
        quantizer.forward(1, input, 11, 19, quantized);
        quantizer.backward(1, input, 11, 19, gradient, 1, dataGradient);
        quantizer.finishBackward(1, 19);
        for (int i = 0; i < 40; i++) {
            boolean inside = i >= 11 && i < 30;
            assertEquals(inside ? whole[i] : 777, quantized[i]);
            assertTrue(inside ? dataGradient[i] == 777 || dataGradient[i] == 778 : dataGradient[i] == 777);
        }
        quantizer.parameters().forEach(p -> assertTrue(Float.isFinite(p.gradient()[0]), p.name()));
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void parametersAreNamedPositiveRatesAndSurviveConstrainUnchanged(Subject subject) {
        Quantizer quantizer = subject.initialized();
        for (Parameter parameter : quantizer.parameters()) {
            float before = parameter.value()[0];
            assertTrue(parameter.rateScale() > 0, parameter.name());
            quantizer.constrain();
            assertEquals(before, parameter.value()[0], parameter.name());
            if (!parameter.name().equals("offset")) {
                parameter.value()[0] = -1;
                quantizer.constrain();
                assertTrue(parameter.value()[0] > 0, "an optimizer step below zero must be undone");
                parameter.value()[0] = before;
            }
        }
    }

    static Stream<Arguments> degenerateData() {
        List<float[]> tensors = List.of(new float[12], filled(12, 5), filled(12, -3), filled(12, 1e-20f),
                filled(12, 1e-42f), filled(12, 3e9f), new float[] {0.7f}, new float[] {-0.7f}, new float[] {0},
                new float[] {0, 0, 0, 1}, new float[] {-1, 1}, new float[] {1000, 1000.001f, 1000.002f, 999.999f},
                new float[] {-2e-30f, 1e-30f, 5}, new float[] {0, 0, 0, 2, 2, 2, 0, 1, 3});
        return Subject.all().filter(Subject::negative)
                .flatMap(subject -> tensors.stream().map(data -> Arguments.of(subject, data)));
    }

    private static float[] filled(int size, float value) {
        float[] data = new float[size];
        Arrays.fill(data, value);
        return data;
    }

    @ParameterizedTest
    @MethodSource("degenerateData")
    void degenerateDataGiveFiniteValuesGradientsAndCodes(Subject subject, float[] data) {
        if (subject.candidate().equals(new Candidate(Scheme.FLOAT, 16)) && Math.abs(data[0]) > 65504) {
            return;
        }
        // A whole tensor of one row, then one row for each value.
        for (int rows : new int[] {1, data.length}) {
            Quantizer quantizer = subject.initialized(data, rows);
            quantizer.observe(data, rows, data.length / rows, true);
            float[] quantized = subject.forwardRows(quantizer, data, rows);
            float[] gradient = filled(data.length, 1);
            float[] dataGradient = new float[data.length];
            for (int row = 0; row < rows; row++) {
                int columns = data.length / rows;
                quantizer.backward(row, data, row * columns, columns, gradient, 1, dataGradient);
            }
            quantizer.finishBackward(rows, data.length / rows);
            double largest = 0;
            for (int i = 0; i < data.length; i++) {
                largest = Math.max(largest, Math.abs(data[i]));
                assertTrue(Float.isFinite(quantized[i]) && Float.isFinite(dataGradient[i]), "at " + i);
            }
            for (float value : quantized) {
                assertEquals(0, value, 1.5 * largest + 1e-6, () -> Arrays.toString(quantized));
            }
            quantizer.parameters().forEach(p -> {
                assertTrue(Float.isFinite(p.value()[0]), p.name());
                assertTrue(Float.isFinite(p.gradient()[0]), p.name());
            });
            if (subject.role() == Role.WEIGHTS) {
                float[] decoded = quantizer.freezeWeights(data, rows, data.length / rows).decode();
                double reach = subject.formula(quantizer, 0).reach(Subject.point(quantizer, 0));
                assertArrayEquals(quantized, decoded, (float) (1e-6 * Math.max(largest, reach) + 1e-30));
            } else {
                quantizer.freezeActivations();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void equalDataGiveEqualQuantizers(Subject subject) {
        float[] data = subject.data(8);
        Quantizer first = subject.initialized(data, Subject.ROWS);
        Quantizer second = subject.initialized(data.clone(), Subject.ROWS);
        assertArrayEquals(first.statistics(), second.statistics());
        for (int k = 0; k < first.parameters().size(); k++) {
            assertArrayEquals(first.parameters().get(k).value(), second.parameters().get(k).value());
        }
        assertArrayEquals(subject.forwardRows(first, data, Subject.ROWS),
                subject.forwardRows(second, data, Subject.ROWS));
    }

    /** More bits of one scheme never leave more error on the data that the quantizer was initialised with. */
    @ParameterizedTest
    @MethodSource("initialisableSchemes")
    void errorFallsWithBits(Scheme scheme, Role role) {
        Random random = new Random(9);
        float[] data = new float[4 * 512];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        double previous = Double.POSITIVE_INFINITY;
        for (int bits : scheme.bits()) {
            if (scheme == Scheme.UNIFORM && bits == 1) {
                // Not comparable: the sign has the least-squares scale, two bits have the maximum as theirs.
                continue;
            }
            Subject subject = new Subject(new Candidate(scheme, bits), role, true, false);
            float[] quantized = subject.forwardRows(subject.initialized(data, 4), data, 4);
            double error = Statistics.squaredDistance(data, quantized, 0, data.length) / data.length;
            assertTrue(error < previous, bits + " bits: " + error + " after " + previous);
            previous = error;
        }
    }

    static Stream<Arguments> initialisableSchemes() {
        return Stream.of(Scheme.LSQ_PLUS, Scheme.PACT, Scheme.UNIFORM, Scheme.LQ, Scheme.FLOAT)
                .flatMap(scheme -> Stream.of(Role.values()).map(role -> Arguments.of(scheme, role)));
    }
}
