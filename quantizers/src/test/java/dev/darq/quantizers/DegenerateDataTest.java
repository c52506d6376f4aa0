package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Constant, tiny, huge, single and missing values, and values that are not finite. */
class DegenerateDataTest {
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
            // Signs are drawn at random in training alone.
            quantizer.observe(data, rows, data.length / rows, false);
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
                // LSQ starts with steps of twice the mean magnitude at the lowest bits.
                double most = subject.scheme() == Scheme.LSQ ? 2.5 : 1.5;
                assertEquals(0, value, most * largest + 1e-6, () -> subject + Arrays.toString(quantized));
            }
            quantizer.parameters().forEach(p -> {
                assertTrue(Float.isFinite(p.value()[0]), p.name());
                assertTrue(Float.isFinite(p.gradient()[0]), p.name());
            });
            if (subject.role() == Role.WEIGHTS) {
                float[] decoded = quantizer.freezeWeights(data, rows, data.length / rows).decode();
                assertArrayEquals(quantized, decoded);
            } else {
                quantizer.freezeActivations();
            }
        }
    }

    private static final float[] NOT_FINITE = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

    /** What is not finite takes no part in a fit, gets an outermost level (NaN the lowest), and harms no gradient. */
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void valuesThatAreNotFiniteLeaveTheOthersAlone(Subject subject) {
        if (subject.scheme() == Scheme.FLOAT) {
            return;
        }
        float[] data = subject.data(21);
        float[] poisoned = data.clone();
        for (int row = 0; row < Subject.ROWS; row++) {
            System.arraycopy(NOT_FINITE, 0, poisoned, row * Subject.COLUMNS + 20, 3);
        }
        Quantizer quantizer = subject.initialized(poisoned, Subject.ROWS);
        quantizer.observe(poisoned, Subject.ROWS, Subject.COLUMNS, true);
        quantizer.observe(poisoned, Subject.ROWS, Subject.COLUMNS, false);
        float[] quantized = subject.forwardRows(quantizer, poisoned, Subject.ROWS);
        float[] gradient = filled(data.length, 1);
        float[] dataGradient = new float[data.length];
        for (int row = 0; row < Subject.ROWS; row++) {
            int from = row * Subject.COLUMNS;
            quantizer.backward(row, poisoned, from, Subject.COLUMNS, gradient, 1, dataGradient);
            float[] ends = subject.forward(quantizer, row, Arrays.copyOfRange(poisoned, from, from + Subject.COLUMNS));
            assertEquals(ends[22], ends[20], "NaN is coded as what is lowest");
            assertTrue(ends[21] >= ends[20], "infinity is coded as what is highest");
        }
        quantizer.finishBackward(Subject.ROWS, Subject.COLUMNS);
        for (int i = 0; i < data.length; i++) {
            assertTrue(Float.isFinite(quantized[i]) && Float.isFinite(dataGradient[i]), "at " + i);
            assertEquals(data[i], poisoned[i] == data[i] ? quantized[i] : data[i], 8, "at " + i);
        }
        for (Parameter parameter : quantizer.parameters()) {
            for (int unit = 0; unit < parameter.value().length; unit++) {
                assertTrue(Float.isFinite(parameter.value()[unit]), parameter.name());
                assertTrue(Float.isFinite(parameter.gradient()[unit]), parameter.name());
            }
        }
        if (subject.role() == Role.WEIGHTS) {
            assertArrayEquals(quantized,
                    quantizer.freezeWeights(poisoned, Subject.ROWS, Subject.COLUMNS).decode());
        }
    }

    /** A unit without a finite value is set as one that is 0. */
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void dataWithoutAFiniteValueAreTakenAsZero(Subject subject) {
        Quantizer expected = subject.initialized(new float[1], 1);
        expected.observe(new float[1], 1, 1, true);
        for (float[] data : List.of(NOT_FINITE, new float[0])) {
            Quantizer quantizer = subject.create(1, data.length);
            quantizer.initialize(data, 1, data.length);
            quantizer.observe(data, 1, data.length, true);
            assertArrayEquals(expected.statistics(), quantizer.statistics());
            for (int k = 0; k < expected.parameters().size(); k++) {
                assertArrayEquals(expected.parameters().get(k).value(), quantizer.parameters().get(k).value());
            }
        }
    }
}
