package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SignQuantizerTest {
    private static final Candidate SIGN = Candidate.parse("sign1");

    private static Quantizer create(int columns, boolean stochastic) {
        return Quantizer.create(SIGN, Role.WEIGHTS, 1, columns,
                QuantizerSettings.DEFAULT.withStochasticSign(stochastic));
    }

    @Test
    void everyWeightIsItsSignTimesTheMeanMagnitudeOfTheLayer() {
        Quantizer quantizer = Quantizer.create(SIGN, Role.WEIGHTS, 2, 2, QuantizerSettings.DEFAULT);
        float[] weights = {1, -2, 0, 5};
        quantizer.initialize(weights, 2, 2);
        float[] quantized = new float[4];
        quantizer.forward(0, weights, 0, 2, quantized);
        quantizer.forward(1, weights, 2, 2, quantized);
        assertArrayEquals(new float[] {2, -2, 2, 2}, quantized);
    }

    /** {@code P(+1) = clip((W/alpha + 1)/2, 0, 1)}, over many training steps. */
    @Test
    void stochasticSignsHaveTheProbabilityOfTheFormula() {
        float[] weights = {-3, -0.9f, -0.5f, 0, 0.3f, 0.8f, 1.5f, 0.1f};
        Quantizer quantizer = create(weights.length, true);
        quantizer.initialize(weights, 1, weights.length);
        double alpha = 0.8875;
        int[] positive = new int[weights.length];
        int steps = 20_000;
        float[] quantized = new float[weights.length];
        for (int step = 0; step < steps; step++) {
            quantizer.observe(weights, 1, weights.length, true);
            quantizer.forward(0, weights, 0, weights.length, quantized);
            for (int i = 0; i < weights.length; i++) {
                assertEquals(alpha, Math.abs(quantized[i]), 1e-6);
                positive[i] += quantized[i] > 0 ? 1 : 0;
            }
        }
        for (int i = 0; i < weights.length; i++) {
            double expected = Math.clamp((weights[i] / alpha + 1) / 2, 0, 1);
            // Four standard deviations of the mean of so many draws.
            assertEquals(expected, positive[i] / (double) steps,
                    4 * Math.sqrt(expected * (1 - expected) / steps) + 1e-12, "weight " + weights[i]);
        }
    }

    @Test
    void drawsChangeFromStepToStepAndCanBeRepeated() {
        float[] weights = new Subject(SIGN, Role.WEIGHTS, true, false).data(1, 1, 500);
        assertArrayEquals(draw(weights, 1), draw(weights, 1));
        assertFalse(Arrays.equals(draw(weights, 1), draw(weights, 2)));
    }

    private static float[] draw(float[] weights, int steps) {
        Quantizer quantizer = create(weights.length, true);
        quantizer.initialize(weights, 1, weights.length);
        for (int step = 0; step < steps; step++) {
            quantizer.observe(weights, 1, weights.length, true);
        }
        float[] quantized = new float[weights.length];
        quantizer.forward(0, weights, 0, weights.length, quantized);
        return quantized;
    }

    @Test
    void outsideTrainingSignsAreDeterministic() {
        float[] weights = new Subject(SIGN, Role.WEIGHTS, true, false).data(1, 1, 500);
        Quantizer quantizer = create(weights.length, true);
        quantizer.initialize(weights, 1, weights.length);
        quantizer.observe(weights, 1, weights.length, true);
        quantizer.observe(weights, 1, weights.length, false);
        float[] quantized = new float[weights.length];
        quantizer.forward(0, weights, 0, weights.length, quantized);
        for (int i = 0; i < weights.length; i++) {
            assertTrue(quantized[i] > 0 == weights[i] >= 0, "weight " + weights[i]);
        }
        assertEquals("stochastic", quantizer.variant());
    }
}
