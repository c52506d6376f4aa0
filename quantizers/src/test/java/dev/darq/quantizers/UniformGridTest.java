package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;

/** Rounding, where it is exact: steps that are powers of two. */
class UniformGridTest {
    @Test
    void roundIsHalfToEven() {
        for (int quarter = -400_000; quarter <= 400_000; quarter++) {
            float value = quarter / 4f;
            assertEquals((float) Math.rint(value) + 0f, UniformGrid.round(value), "round(" + value + ")");
        }
        for (float large : new float[] {65534.5f, 65535.5f, -65534.5f, 1 << 21, (1 << 21) + 0.5f, -(1 << 21) - 0.5f}) {
            assertEquals((float) Math.rint(large), UniformGrid.round(large));
        }
    }

    @Test
    void roundOfFloatsBesideATieIsTheNearest() {
        for (int k = -300; k < 300; k++) {
            float tie = k + 0.5f;
            assertEquals(k + 1, UniformGrid.round(Math.nextUp(tie)));
            assertEquals(k, UniformGrid.round(Math.nextDown(tie)));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0", "1.5, 2", "2.5, 2", "-0.5, 0", "-1.5, -2", "-2.5, -2", "6.5, 6", "7.5, 7", "-8.5, -8",
            "99, 7",
            "-99, -8"})
    void lsqWeightsOnATieTakeTheEvenCode(float position, float code) {
        float scale = 0.25f;
        Quantizer quantizer = lsq(Role.WEIGHTS, 4, scale, 0);
        float[] quantized = new float[1];
        quantizer.forward(0, new float[] {position * scale}, 0, 1, quantized);
        assertEquals(code * scale, quantized[0]);
        float[] decoded = quantizer.freezeWeights(new float[] {position * scale}, 1, 1).decode();
        assertArrayEquals(quantized, decoded);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0", "1.5, 2", "2.5, 2", "13.5, 14", "14.5, 14", "15.5, 15", "-0.5, 0", "-3, 0"})
    void lsqActivationsOnATieTakeTheEvenCodeAboveTheOffset(float position, float code) {
        Quantizer quantizer = lsq(Role.ACTIVATIONS, 4, 0.5f, -2);
        float[] quantized = new float[1];
        quantizer.forward(0, new float[] {position * 0.5f - 2}, 0, 1, quantized);
        assertEquals(code * 0.5f - 2, quantized[0]);
        assertEquals(quantized[0], quantizer.freezeActivations().quantize(position * 0.5f - 2));
    }

    /** The ends of the clip range belong to it; on a tie the residue is half a step towards the even code. */
    @ParameterizedTest
    @CsvSource({"0, 1, 0, 0", "15, 1, 0, 0", "0.5, 1, -0.5, 0", "1.5, 1, 0.5, 0", "-0.125, 0, 0, 1",
            "15.125, 0, 15, 1"})
    void lsqGradientsAtTheEndsAndOnTies(float position, float data, double scale, double offset) {
        Quantizer quantizer = lsq(Role.ACTIVATIONS, 4, 0.5f, -2);
        float[] dataGradient = new float[1];
        quantizer.backward(0, new float[] {position * 0.5f - 2}, 0, 1, new float[] {1}, 1, dataGradient);
        quantizer.finishBackward(1, 1);
        double factor = 1 / Math.sqrt(15);
        assertEquals(data, dataGradient[0]);
        assertEquals(scale * factor, quantizer.parameters().get(0).gradient()[0], 1e-6);
        assertEquals(offset * factor, quantizer.parameters().get(1).gradient()[0], 1e-6);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void oneBitGivesZeroThePositiveSign(Role role) {
        Quantizer lsq = lsq(role, 1, 0.5f, 0);
        float[] quantized = new float[3];
        lsq.forward(0, new float[] {0, -0f, -Float.MIN_VALUE}, 0, 3, quantized);
        assertArrayEquals(new float[] {0.5f, 0.5f, -0.5f}, quantized);
        Quantizer uniform = Quantizer.create(new Candidate(Scheme.UNIFORM, 1), role, 1, 1, QuantizerSettings.DEFAULT);
        uniform.initialize(new float[] {-1, 0, 2}, 1, 3);
        uniform.forward(0, new float[] {0, -0f, -Float.MIN_VALUE}, 0, 3, quantized);
        assertArrayEquals(new float[] {1, 1, -1}, quantized);
    }

    private static Quantizer lsq(Role role, int bits, float scale, float offset) {
        Quantizer quantizer = Quantizer.create(new Candidate(Scheme.LSQ_PLUS, bits), role, 1, 1,
                QuantizerSettings.DEFAULT);
        quantizer.parameters().get(0).value()[0] = scale;
        if (role == Role.ACTIVATIONS) {
            quantizer.parameters().get(1).value()[0] = offset;
        }
        return quantizer;
    }
}
