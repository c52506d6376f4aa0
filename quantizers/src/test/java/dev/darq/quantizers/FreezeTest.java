package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.UniformActivation;
import dev.darq.kernels.WeightCode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Freezing changes the representation and no value: every value keeps its level. */
class FreezeTest {
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#weights")
    void frozenWeightsDecodeToTheFakeQuantizedValuesBitForBit(Subject subject) {
        float[] data = subject.data(1);
        Quantizer quantizer = subject.initialized(data, Subject.ROWS);
        float[] fake = subject.forwardRows(quantizer, data, Subject.ROWS);
        WeightCode frozen = quantizer.freezeWeights(data.clone(), Subject.ROWS, Subject.COLUMNS);
        assertEquals(Subject.ROWS, frozen.rows());
        assertEquals(Subject.COLUMNS, frozen.columns());
        assertEquals(subject.candidate().bits(), frozen.bits());
        float[] decoded = frozen.decode();
        for (int i = 0; i < fake.length; i++) {
            assertEquals(Float.floatToRawIntBits(fake[i]), Float.floatToRawIntBits(decoded[i]),
                    fake[i] + " became " + decoded[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#activations")
    void frozenActivationsQuantizeAsForwardDoesBitForBit(Subject subject) {
        Quantizer quantizer = subject.initialized();
        ActivationCode frozen = quantizer.freezeActivations();
        assertEquals(subject.candidate().bits(), frozen.bits());
        PaperFormula formula = subject.formula(quantizer, 0);
        float reach = (float) Math.max(1, formula.reach(Subject.point(quantizer, 0, 0)));
        Random random = new Random(10);
        float[] values = new float[40_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * reach * (i % 100 == 0 ? 1e3 : 1.3));
        }
        float[] special = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1e30f, -1e30f,
                Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, reach, -reach, 0.5f, 1, 1.5f};
        System.arraycopy(special, 0, values, 0, special.length);
        assertBitsEqual(subject, quantizer, frozen, values);
        assertBitsEqual(subject, quantizer, frozen, neighbourhoodOfThresholds(frozen));
    }

    private static void assertBitsEqual(Subject subject, Quantizer quantizer, ActivationCode frozen, float[] values) {
        float[] forward = subject.forward(quantizer, 0, values);
        float[] packed = new float[values.length];
        frozen.quantize(values, 0, values.length, packed, 0);
        for (int i = 0; i < values.length; i++) {
            float x = values[i];
            assertSameBits(forward[i], packed[i], x);
            if (subject.scheme() != Scheme.TOKEN) {
                assertSameBits(forward[i], frozen.quantize(x), x);
            }
        }
    }

    private static void assertSameBits(float expected, float actual, float x) {
        assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(actual),
                () -> "x = " + x + ": " + actual);
    }

    /** The ties themselves and the floats beside them. */
    private static float[] neighbourhoodOfThresholds(ActivationCode frozen) {
        float[] ties = switch (frozen) {
            case UniformActivation uniform -> {
                int count = Math.min(uniform.highest() - uniform.lowest(), 300);
                float[] midpoints = new float[count];
                for (int k = 0; k < count; k++) {
                    midpoints[k] = (uniform.lowest() + k + 0.5f) * uniform.scale() + uniform.offset();
                }
                yield midpoints;
            }
            case LevelActivation level -> level.levels().thresholds();
            default -> new float[] {1 + 0x1p-11f, 1 + 0x1.8p-10f, 65519, 65520, 0x1p-25f, 0x1.8p-24f};
        };
        float[] values = new float[3 * ties.length];
        for (int k = 0; k < ties.length; k++) {
            values[3 * k] = ties[k];
            values[3 * k + 1] = Math.nextUp(ties[k]);
            values[3 * k + 2] = Math.nextDown(ties[k]);
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void frozenCodesDoNotFollowTheQuantizerAfterwards(Subject subject) {
        float[] data = subject.data(11);
        Quantizer quantizer = subject.initialized(data, Subject.ROWS);
        float[] probe = subject.probes(quantizer, 0, 12);
        if (subject.role() == Role.WEIGHTS) {
            WeightCode frozen = quantizer.freezeWeights(data, Subject.ROWS, Subject.COLUMNS);
            float[] before = frozen.decode();
            disturb(quantizer, data);
            assertArrayEquals(before, frozen.decode());
        } else {
            ActivationCode frozen = quantizer.freezeActivations();
            List<Float> before = quantizeAll(frozen, probe);
            String parts = frozen.toString();
            disturb(quantizer, data);
            assertEquals(before, quantizeAll(frozen, probe));
            assertEquals(parts, frozen.toString());
        }
    }

    private static List<Float> quantizeAll(ActivationCode frozen, float[] values) {
        Float[] quantized = new Float[values.length];
        Arrays.setAll(quantized, i -> frozen.quantize(values[i]));
        return List.of(quantized);
    }

    private static void disturb(Quantizer quantizer, float[] data) {
        quantizer.parameters().forEach(parameter -> parameter.value()[0] *= 3);
        Arrays.fill(data, 9);
        quantizer.observe(data, Subject.ROWS, Subject.COLUMNS, true);
        quantizer.initialize(data, Subject.ROWS, Subject.COLUMNS);
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#weights")
    void weightsOfAtMostEightBitsBecomeBinaryCodes(Subject subject) {
        float[] data = subject.data(1);
        WeightCode frozen = subject.initialized().freezeWeights(data, Subject.ROWS, Subject.COLUMNS);
        Class<? extends WeightCode> wider = subject.scheme() == Scheme.FLOAT
                ? FloatWeights.class
                : IntegerWeights.class;
        WeightCode code = frozen;
        if (subject.settings().granularity() == Granularity.GROUP) {
            GroupedWeights grouped = assertInstanceOf(GroupedWeights.class, frozen);
            assertEquals(Subject.GROUP, grouped.groupSize());
            code = grouped.groups();
        }
        assertEquals(subject.candidate().isCoded() ? BinaryCode.class : wider, code.getClass());
    }
}
