package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the schemes without learned parameters clip. */
class ClipTest {
    private static double error(String candidate, Clip clip, float[] data) {
        Subject subject = new Subject(Candidate.parse(candidate), Role.WEIGHTS, true, Subject.PLAIN.withClip(clip));
        return Statistics.squaredDistance(data, subject.forwardRows(subject.initialized(data, 1), data, 1), 0,
                data.length) / data.length;
    }

    private static float[] normal(int count) {
        Random random = new Random(1);
        float[] data = new float[count];
        for (int i = 0; i < count; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return data;
    }

    /** The least errors of a normal by 3 and by 7 even levels are 0.1902 and 0.0469 (Max 1960, table II). */
    @ParameterizedTest
    @CsvSource({"uniform2, 0.1902", "uniform3, 0.0469"})
    void theClipOfLeastErrorReachesTheOptimumOfANormal(String candidate, double optimum) {
        assertEquals(optimum, error(candidate, Clip.MSE, normal(100_000)), 0.02 * optimum);
    }

    @Test
    void twoBitsGainMuchFromAClip() {
        float[] data = normal(10_000);
        double oneBit = error("uniform1", Clip.MAX, data);
        assertTrue(error("uniform2", Clip.MAX, data) > 1.5 * oneBit, "what the maximum as scale does");
        assertTrue(error("uniform2", Clip.MSE, data) < 0.6 * oneBit, "what a clip does");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform2", "uniform4", "uniform8", "affine2", "affine4", "affine8"})
    void theClipOfLeastErrorIsNeverWorseThanNone(String candidate) {
        float[] data = normal(500);
        assertTrue(error(candidate, Clip.MSE, data) <= error(candidate, Clip.MAX, data));
    }

    @Test
    void aPercentileLeavesOutliersAside() {
        float[] data = new float[10_000];
        for (int i = 0; i < data.length; i++) {
            data[i] = i % 2000 == 0 ? 100 : (i % 11 - 5) / 5f;
        }
        Subject subject = new Subject(Candidate.parse("uniform4"), Role.WEIGHTS, true,
                Subject.PLAIN.withClip(Clip.PERCENTILE));
        assertArrayEquals(new float[] {1}, subject.initialized(data, 1).statistics(), 1e-6f);
    }

    /** The calibrated fraction stays, so that a scale follows its weights without a search at every step. */
    @Test
    void aClippedScaleFollowsTheWeightsInProportion() {
        float[] data = normal(1000);
        Subject subject = new Subject(Candidate.parse("uniform3"), Role.WEIGHTS, true,
                Subject.PLAIN.withClip(Clip.MSE));
        Quantizer quantizer = subject.initialized(data, 1);
        float before = quantizer.statistics()[0];
        assertTrue(before < 0.9 * Statistics.maximumMagnitude(data, 0, data.length), "nothing was clipped");
        for (int i = 0; i < data.length; i++) {
            data[i] *= 3;
        }
        quantizer.observe(data, 1, data.length, false);
        assertEquals(3 * before, quantizer.statistics()[0], 1e-5);
    }
}
