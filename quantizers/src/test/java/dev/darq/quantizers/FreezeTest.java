package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatWeights;
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
    void frozenWeightsDecodeToTheFakeQuantizedValues(Subject subject) {
        float[] data = subject.data(1);
        Quantizer quantizer = subject.initialized(data, Subject.ROWS);
        float[] fake = subject.forwardRows(quantizer, data, Subject.ROWS);
        WeightCode frozen = quantizer.freezeWeights(data.clone(), Subject.ROWS, Subject.COLUMNS);
        assertEquals(Subject.ROWS, frozen.rows());
        assertEquals(Subject.COLUMNS, frozen.columns());
        assertEquals(subject.candidate().bits(), frozen.bits());
        float[] decoded = frozen.decode();
        boolean exact = subject.candidate().bits() == 1 || subject.candidate().bits() > 8
                || subject.candidate().scheme() == Scheme.LQ;
        for (int row = 0; row < Subject.ROWS; row++) {
            double reach = subject.formula(quantizer, row).reach(Subject.point(quantizer, 0));
            for (int i = row * Subject.COLUMNS; i < (row + 1) * Subject.COLUMNS; i++) {
                assertEquals(fake[i], decoded[i], exact ? 0 : 1e-6 * reach, "row " + row);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#weights")
    void everyFrozenWeightHasTheCodeOfItsLevel(Subject subject) {
        float[] data = subject.data(2);
        Quantizer quantizer = subject.initialized(data, Subject.ROWS);
        WeightCode frozen = quantizer.freezeWeights(data, Subject.ROWS, Subject.COLUMNS);
        float[] fake = subject.forwardRows(quantizer, data, Subject.ROWS);
        for (int i = 0; i < data.length; i++) {
            int row = i / Subject.COLUMNS;
            switch (frozen) {
                case BinaryCode code -> assertEquals(level(subject, quantizer, row, fake[i]),
                        indexOf(levels(code, row), code.code(row, i % Subject.COLUMNS)), "value " + data[i]);
                case IntegerWeights code -> assertEquals(fake[i], code.codes()[i] * code.scale()[row]);
                case FloatWeights code -> assertEquals(fake[i], code.values()[i]);
            }
        }
    }

    /** Levels of a row by code, in double: {@code c + sum a_i b_i}. */
    private static double[] levels(BinaryCode code, int row) {
        double[] levels = new double[1 << code.bits()];
        for (int c = 0; c < levels.length; c++) {
            levels[c] = code.offset()[row];
            for (int i = 0; i < code.bits(); i++) {
                levels[c] += ((c >> i & 1) == 1 ? 1 : -1) * (double) code.basis()[row * code.bits() + i];
            }
        }
        return levels;
    }

    private static int indexOf(double[] levels, int code) {
        double[] sorted = levels.clone();
        Arrays.sort(sorted);
        return Arrays.binarySearch(sorted, levels[code]);
    }

    /** Index of the fake-quantized value among the levels that the paper's formula has. */
    private static int level(Subject subject, Quantizer quantizer, int row, float value) {
        int bits = subject.candidate().bits();
        float[] state = quantizer.statistics();
        if (bits == 1) {
            boolean lq = subject.candidate().scheme() == Scheme.LQ;
            return value > (lq ? state[row * 2 + 1] : 0) ? 1 : 0;
        }
        int half = (1 << (bits - 1)) - 1;
        return switch (subject.candidate().scheme()) {
            case LSQ_PLUS -> (int) Math.rint(value / (double) quantizer.parameters().getFirst().value()[0]) + half + 1;
            case PACT -> (int) Math.rint(value * (double) half / quantizer.parameters().getFirst().value()[0]) + half;
            case UNIFORM -> (int) Math.rint(value * (double) half / state[row]) + half;
            case LQ -> {
                PaperFormula.Lq formula = (PaperFormula.Lq) subject.formula(quantizer, row);
                yield Arrays.binarySearch(formula.levels(), formula.nearest(value));
            }
            case FLOAT -> throw new AssertionError("floats have no levels");
        };
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#activations")
    void frozenActivationsQuantizeAsForwardDoesBitForBit(Subject subject) {
        Quantizer quantizer = subject.initialized();
        ActivationCode frozen = quantizer.freezeActivations();
        assertEquals(subject.candidate().bits(), frozen.bits());
        PaperFormula formula = subject.formula(quantizer, 0);
        float reach = (float) Math.max(1, formula.reach(Subject.point(quantizer, 0)));
        Random random = new Random(10);
        float[] values = new float[40_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * reach * (i % 100 == 0 ? 1e3 : 1.3));
        }
        float[] special = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1e30f, -1e30f,
                Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, reach, -reach, 0.5f, 1, 1.5f};
        System.arraycopy(special, 0, values, 0, special.length);
        assertBitsEqual(subject, quantizer, frozen, values);
        assertBitsEqual(subject, quantizer, frozen, neighbourhoodOfThresholds(frozen));
    }

    private static void assertBitsEqual(Subject subject, Quantizer quantizer, ActivationCode frozen, float[] values) {
        float[] forward = subject.forward(quantizer, 0, values);
        for (int i = 0; i < values.length; i++) {
            float x = values[i];
            assertEquals(Float.floatToRawIntBits(forward[i]), Float.floatToRawIntBits(frozen.quantize(x)),
                    () -> "x = " + x + ": " + frozen.quantize(x));
        }
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
        Class<? extends WeightCode> wider = subject.candidate().scheme() == Scheme.FLOAT
                ? FloatWeights.class
                : IntegerWeights.class;
        assertEquals(subject.candidate().isCoded() ? BinaryCode.class : wider, frozen.getClass());
    }
}
