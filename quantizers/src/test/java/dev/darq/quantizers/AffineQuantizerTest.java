package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.kernels.UniformActivation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffineQuantizerTest {
    private static Quantizer create(int bits, Role role) {
        return Quantizer.create(new Candidate(Scheme.AFFINE, bits), role, 1, 4, QuantizerSettings.DEFAULT);
    }

    /** Jacob et al., section 3: the range is that of the data, widened to include 0, and 0 is exactly a level. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void zeroIsALevelOfEveryRange(int bits) {
        for (float[] data : new float[][] {{-1, 0.3f, 2, 3}, {0.5f, 1, 2, 7}, {-4, -3, -2, -1}, {-100, 0, 0, 1}}) {
            Quantizer quantizer = create(bits, Role.ACTIVATIONS);
            quantizer.initialize(data, 1, 4);
            float[] quantized = new float[1];
            quantizer.forward(0, new float[] {0}, 0, 1, quantized);
            assertEquals(0, quantized[0]);
            UniformActivation frozen = (UniformActivation) quantizer.freezeActivations();
            assertEquals((1 << bits) - 1, frozen.highest() - frozen.lowest());
            double range = Math.max(data[3], 0) - Math.min(data[0], 0);
            assertEquals(range / ((1 << bits) - 1), frozen.scale(), 1e-4 * range);
        }
    }

    @Test
    void oneBitIsTheMeanPlusAndMinusTheMeanDistance() {
        float[] data = {0, 0, 4, 8};
        Quantizer quantizer = create(1, Role.ACTIVATIONS);
        quantizer.initialize(data, 1, 4);
        float[] quantized = new float[4];
        quantizer.forward(0, data, 0, 4, quantized);
        assertArrayEquals(new float[] {0, 0, 6, 6}, quantized);
    }

    @Test
    void theRangeOfActivationsFollowsTrainingBatchesOnly() {
        Quantizer quantizer = create(4, Role.ACTIVATIONS);
        quantizer.initialize(new float[] {-1, 0, 0, 3}, 1, 4);
        quantizer.observe(new float[] {-9, 0, 0, 9}, 1, 4, false);
        assertArrayEquals(new float[] {-1, 3}, quantizer.statistics());
        quantizer.observe(new float[] {-9, 0, 0, 9}, 1, 4, true);
        assertArrayEquals(new float[] {0.99f * -1 + 0.01f * -9, 0.99f * 3 + 0.01f * 9}, quantizer.statistics(), 1e-5f);
    }
}
