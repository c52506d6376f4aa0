package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations fitted to what they stand for, when what arrives is noisy. */
class RefitTest {
    private static final int COUNT = 4000;
    private final float[] target = new float[COUNT];
    private final float[] data = new float[COUNT];

    RefitTest() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < COUNT; i++) {
            target[i] = (float) Math.tanh(random.nextGaussian());
            data[i] = target[i] + (float) (0.4 * random.nextGaussian());
        }
    }

    private double error(Quantizer quantizer) {
        float[] quantized = new float[COUNT];
        quantizer.forward(0, data, 0, COUNT, quantized);
        return Statistics.squaredDistance(quantized, target, 0, COUNT);
    }

    private Quantizer fitted(String candidate) {
        Quantizer quantizer = Quantizer.create(Candidate.parse(candidate), Role.ACTIVATIONS, 1, COUNT,
                QuantizerSettings.DEFAULT);
        quantizer.initialize(target, 1, COUNT);
        return quantizer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lq1", "lq2", "lq3", "lq4"})
    void theSecondPhaseComesNearerToTheFloatValues(String candidate) {
        Quantizer quantizer = fitted(candidate);
        double first = error(quantizer);
        quantizer.refit(data, target, 1, COUNT);
        assertTrue(error(quantizer) < first, first + " before, " + error(quantizer) + " after");
    }

    @Test
    void withoutNoiseAFitToConvergenceHardlyMoves() {
        Quantizer quantizer = fitted("lq2");
        float[] before = quantizer.statistics().clone();
        quantizer.refit(target, target, 1, COUNT);
        assertArrayEquals(before, quantizer.statistics(), 1e-3f);
    }

    @Test
    void aSchemeWithoutARefitIsSetFromWhatArrives() {
        Quantizer refitted = fitted("uniform3");
        refitted.refit(data, target, 1, COUNT);
        Quantizer expected = Quantizer.create(Candidate.parse("uniform3"), Role.ACTIVATIONS, 1, COUNT,
                QuantizerSettings.DEFAULT);
        expected.initialize(data, 1, COUNT);
        assertArrayEquals(expected.statistics(), refitted.statistics());
    }
}
