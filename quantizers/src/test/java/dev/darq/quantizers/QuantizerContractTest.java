package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.darq.kernels.ActivationCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every quantizer whatever its formula. */
class QuantizerContractTest {
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void aUnitHasAtMostTwoToTheBitsLevels(Subject subject) {
        int columns = subject.bits() <= 8 ? 2000 : 70_000;
        if (subject.scheme() == Scheme.FLOAT) {
            return;
        }
        float[] data = subject.data(4, 2, columns);
        float[] quantized = subject.forwardRows(subject.initialized(data, 2), data, 2);
        Map<Integer, TreeSet<Float>> levels = new HashMap<>();
        for (int i = 0; i < data.length; i++) {
            // Schemes with a scale for each sample have levels for each sample.
            int unit = subject.scheme() == Scheme.TOKEN ? i / columns : subject.unit(i / columns, i % columns, columns);
            levels.computeIfAbsent(unit, _ -> new TreeSet<>()).add(quantized[i]);
        }
        int most = 1 << subject.bits();
        int values = Math.min(data.length / levels.size(), 2000);
        levels.forEach((unit, set) -> {
            assertTrue(set.size() <= most, () -> set.size() + " levels: " + set);
            assertTrue(set.size() > Math.min(most, values) / 8, () -> "only " + set);
        });
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
        boolean grouped = subject.settings().granularity() == Granularity.GROUP;
        float[] sorted = subject.data(6, 1, grouped ? Subject.GROUP : 1000);
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
        float[] alone = subject.forward(quantizer, 1, Arrays.copyOfRange(data, 11, 30));
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
            assertEquals(inside ? alone[i - 11] : 777, quantized[i]);
            assertTrue(inside ? dataGradient[i] >= 777 && dataGradient[i] <= 778.5 : dataGradient[i] == 777);
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

    /** One that has been trained goes on from its saved state exactly as it would have gone on by itself. */
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void aSavedStateIsTakenUpToTheBit(Subject subject) {
        Quantizer quantizer = subject.initialized();
        trainingStep(subject, quantizer, 2);
        State saved = new State();
        quantizer.save(saved);
        List<float[]> expected = future(subject, quantizer);

        List<Quantizer> others = List.of(quantizer, subject.create(Subject.ROWS, Subject.COLUMNS),
                subject.initialized(subject.data(30), Subject.ROWS));
        trainingStep(subject, others.getLast(), 31);
        for (Quantizer other : others) {
            other.restore(saved);
            State again = new State();
            other.save(again);
            assertEquals(saved, again);
            List<float[]> actual = future(subject, other);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), actual.get(i), "value " + i + " of what comes after");
            }
        }
    }

    private static void trainingStep(Subject subject, Quantizer quantizer, long seed) {
        float[] data = subject.data(seed);
        quantizer.observe(data, Subject.ROWS, Subject.COLUMNS, true);
        for (Parameter parameter : quantizer.parameters()) {
            for (int i = 0; i < parameter.value().length; i++) {
                parameter.value()[i] *= 1 + seed * 1e-3f * (i + 1);
            }
        }
        quantizer.constrain();
    }

    /** All that can be seen of a quantizer in evaluation, in two steps of training and frozen. */
    private static List<float[]> future(Subject subject, Quantizer quantizer) {
        List<float[]> seen = new ArrayList<>();
        float[] data = subject.data(40);
        float[] gradient = subject.data(41);
        seen.add(subject.forwardRows(quantizer, data, Subject.ROWS));
        for (int step = 42; step < 44; step++) {
            float[] dataGradient = new float[data.length];
            quantizer.observe(data, Subject.ROWS, Subject.COLUMNS, true);
            seen.add(subject.forwardRows(quantizer, data, Subject.ROWS));
            for (int row = 0; row < Subject.ROWS; row++) {
                quantizer.backward(row, data, row * Subject.COLUMNS, Subject.COLUMNS, gradient, 0.5f, dataGradient);
            }
            quantizer.finishBackward(Subject.ROWS, Subject.COLUMNS);
            seen.add(dataGradient);
            quantizer.parameters().forEach(parameter -> {
                seen.add(parameter.gradient().clone());
                seen.add(new float[] {parameter.rateScale()});
                parameter.clearGradient();
                parameter.value()[0] = -1;
            });
            // Goes by the start that calibration gave, which is state as well.
            quantizer.constrain();
            quantizer.parameters().forEach(parameter -> seen.add(parameter.value().clone()));
            seen.add(quantizer.statistics());
        }
        if (subject.role() == Role.WEIGHTS) {
            seen.add(quantizer.freezeWeights(data, Subject.ROWS, Subject.COLUMNS).decode());
        } else {
            ActivationCode code = quantizer.freezeActivations();
            float[] coded = new float[data.length];
            for (int row = 0; row < Subject.ROWS; row++) {
                int from = row * Subject.COLUMNS;
                code.quantize(data, from, Subject.COLUMNS, coded, from);
            }
            seen.add(coded);
        }
        seen.add(new float[] {quantizer.variant().hashCode()});
        return seen;
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void whatAQuantizerTellsOfItsStateIsNotLive(Subject subject) {
        Quantizer quantizer = subject.initialized();
        float[] before = quantizer.statistics().clone();
        Arrays.fill(quantizer.statistics(), 777);
        assertArrayEquals(before, quantizer.statistics());
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
            boolean rangeFromData = scheme == Scheme.UNIFORM || scheme == Scheme.AFFINE;
            if (rangeFromData && bits == 1) {
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
        // LSQ starts from the mean magnitude whatever the bits (its paper's section 2.1): its start is not the best one.
        return Stream.of(Scheme.values()).filter(scheme -> scheme != Scheme.LSQ)
                .flatMap(scheme -> scheme.roles().stream().map(role -> Arguments.of(scheme, role)));
    }

    /** A graph over what every quantizer made survives a collection between forward and backward. */
    @Test
    void quantizedValuesInAGraphSurviveACollection() {
        List<Subject> subjects = Subject.all().toList();
        Shape shape = new Shape(Subject.ROWS, Subject.COLUMNS);
        try (NDManager manager = NDManager.newBaseManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            List<NDArray> inputs = new ArrayList<>();
            NDArray loss = Constants.copy(manager, new float[1], new Shape());
            for (Subject subject : subjects) {
                float[] data = subject.data(1);
                float[] quantized = subject.forwardRows(subject.initialized(data, Subject.ROWS), data, Subject.ROWS);
                NDArray input = Constants.copy(manager, quantized, shape);
                input.setRequiresGradient(true);
                inputs.add(input);
                loss = loss.add(input.mul(Constants.copy(manager, data, shape)).mul(Constants.scalar(input, 3)).sum());
            }
            ForcedCollection.run();
            collector.backward(loss);
            for (int k = 0; k < subjects.size(); k++) {
                float[] expected = subjects.get(k).data(1);
                for (int i = 0; i < expected.length; i++) {
                    expected[i] *= 3;
                }
                assertArrayEquals(expected, inputs.get(k).getGradient().toFloatArray(), subjects.get(k).toString());
            }
        }
    }
}
