package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniformQuantizerTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8, 16})
    void everyOutputChannelHasItsMaximumAsScaleAndKeepsIt(int bits) {
        float[] weights = {0.5f, -2, 1, /**/ 0.1f, 0.3f, -0.2f, /**/ -8, 0, 4};
        Quantizer quantizer = create(bits, Role.WEIGHTS, 3);
        quantizer.initialize(weights, 3, 3);
        assertArrayEquals(new float[] {2, 0.3f, 8}, quantizer.statistics());
        float[] quantized = new float[9];
        for (int row = 0; row < 3; row++) {
            quantizer.forward(row, weights, 3 * row, 3, quantized);
        }
        assertEquals(-2, quantized[1], 1e-6);
        assertEquals(0.3, quantized[4], 1e-6);
        assertEquals(-8, quantized[6], 1e-6);
        assertEquals(0, quantized[7]);
    }

    @Test
    void oneBitIsTheSignTimesTheMeanMagnitudeOfTheChannel() {
        float[] weights = {1, -2, 3, /**/ 0, 0, -3};
        Quantizer quantizer = create(1, Role.WEIGHTS, 2);
        quantizer.initialize(weights, 2, 3);
        float[] quantized = new float[6];
        quantizer.forward(0, weights, 0, 3, quantized);
        quantizer.forward(1, weights, 3, 3, quantized);
        assertArrayEquals(new float[] {2, -2, 2, 1, 1, -1}, quantized);
    }

    /** {@code max|x| = 0} and {@code mean|x| = 0}: every value of such a channel is 0, in training and frozen. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8, 16})
    void aChannelOfZerosStaysZero(int bits) {
        float[] weights = {0, 0, 0, 0, 1, 2, 3, 4};
        Quantizer quantizer = create(bits, Role.WEIGHTS, 2);
        quantizer.initialize(weights, 2, 4);
        float[] quantized = {9, 9, 9, 9};
        quantizer.forward(0, weights, 0, 4, quantized);
        assertArrayEquals(new float[4], quantized);
        float[] decoded = quantizer.freezeWeights(weights, 2, 4).decode();
        for (int i = 0; i < 4; i++) {
            assertEquals(0, decoded[i], 1e-30);
        }
    }

    @Test
    void weightScalesFollowTheWeightsWithOrWithoutTraining() {
        Quantizer quantizer = create(4, Role.WEIGHTS, 1);
        quantizer.initialize(new float[] {1, -2}, 1, 2);
        quantizer.observe(new float[] {1, -5}, 1, 2, false);
        assertArrayEquals(new float[] {5}, quantizer.statistics());
        quantizer.observe(new float[] {1, 0.5f}, 1, 2, true);
        assertArrayEquals(new float[] {1}, quantizer.statistics());
    }

    @Test
    void activationScaleFollowsTheRunningMaximumOfTrainingBatchesOnly() {
        Quantizer quantizer = create(4, Role.ACTIVATIONS, 0);
        quantizer.initialize(new float[] {1, -2, 0, 0}, 2, 2);
        assertArrayEquals(new float[] {2}, quantizer.statistics());
        quantizer.observe(new float[] {10, -20, 0, 0}, 2, 2, false);
        assertArrayEquals(new float[] {2}, quantizer.statistics());
        double running = 2;
        for (float maximum : new float[] {20, 3, 0.5f, 0}) {
            quantizer.observe(new float[] {0, maximum / 2, -maximum, 0}, 2, 2, true);
            running = 0.99 * running + 0.01 * maximum;
            assertEquals(running, quantizer.statistics()[0], 1e-5);
        }
    }

    @Test
    void oneBitActivationScaleFollowsTheRunningMeanMagnitude() {
        Quantizer quantizer = create(1, Role.ACTIVATIONS, 0);
        quantizer.initialize(new float[] {1, -3}, 1, 2);
        quantizer.observe(new float[] {10, -20}, 1, 2, true);
        assertEquals(0.99 * 2 + 0.01 * 15, quantizer.statistics()[0], 1e-5);
    }

    @Test
    void nothingIsLearned() {
        assertTrue(create(4, Role.WEIGHTS, 1).parameters().isEmpty());
    }

    private static Quantizer create(int bits, Role role, int rows) {
        return Quantizer.create(new Candidate(Scheme.UNIFORM, bits), role, rows, 1, QuantizerSettings.DEFAULT);
    }
}
