package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.BinaryCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Ternary weights and activations scaled by sample (BitNet b1.58). */
class BitNetTest {
    @Test
    void weightsAreMinusOneZeroAndOneTimesTheMeanMagnitude() {
        float[] weights = {0.9f, -0.9f, 0.2f, -0.2f, 3, 0.8f};
        Quantizer quantizer = Quantizer.create(Candidate.parse("ternary2"), Role.WEIGHTS, 1, 6,
                QuantizerSettings.DEFAULT);
        quantizer.initialize(weights, 1, 6);
        float[] quantized = new float[6];
        quantizer.forward(0, weights, 0, 6, quantized);
        assertArrayEquals(new float[] {1, -1, 0, 0, 1, 1}, quantized, 1e-6f);
    }

    /** The kernel then need not sum the inputs' planes. */
    @Test
    void theBinaryCodeOfTernaryWeightsHasNoOffset() {
        Subject subject = new Subject(Candidate.parse("ternary2"), Role.WEIGHTS, true, false);
        float[] data = subject.data(1);
        BinaryCode code = (BinaryCode) subject.initialized(data, Subject.ROWS).freezeWeights(data, Subject.ROWS,
                Subject.COLUMNS);
        assertArrayEquals(new float[Subject.ROWS], code.offset());
    }

    @Test
    void theScaleOfWeightsIsNeverBelowItsFloor() {
        Quantizer quantizer = Quantizer.create(Candidate.parse("ternary2"), Role.WEIGHTS, 1, 2,
                QuantizerSettings.DEFAULT);
        quantizer.initialize(new float[] {1e-7f, -1e-7f}, 1, 2);
        assertArrayEquals(new float[] {1e-5f}, quantizer.statistics());
    }

    /** One sample of large values does not cost another its resolution. */
    @Test
    void everySampleHasAScaleOfItsOwn() {
        Subject subject = new Subject(Candidate.parse("token8"), Role.ACTIVATIONS, true, false);
        float[] small = subject.data(2, 1, 100);
        float[] batch = Arrays.copyOf(small, 200);
        for (int i = 0; i < 100; i++) {
            batch[100 + i] = 1000 * small[i];
        }
        float[] together = subject.forwardRows(subject.initialized(batch, 2), batch, 2);
        assertArrayEquals(subject.forward(subject.create(1, 100), 0, small), Arrays.copyOf(together, 100));
        double maximum = Statistics.maximumMagnitude(small, 0, 100);
        for (int i = 0; i < 100; i++) {
            assertEquals(small[i], together[i], 0.5001 * maximum / 127);
        }
    }

    @Test
    void nothingIsLearnedOrCalibrated() {
        Subject subject = new Subject(Candidate.parse("token8"), Role.ACTIVATIONS, true, false);
        Quantizer quantizer = subject.initialized();
        assertTrue(quantizer.parameters().isEmpty());
        assertEquals(0, quantizer.statistics().length);
    }
}
