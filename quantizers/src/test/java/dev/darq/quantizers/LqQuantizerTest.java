package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.LevelActivation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LqQuantizerTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void everyOutputChannelHasABasisFittedToItAlone(int bits) {
        Subject subject = new Subject(new Candidate(Scheme.LQ, bits), Role.WEIGHTS, true, false);
        float[] data = subject.data(1);
        float[] state = subject.initialized(data, Subject.ROWS).statistics();
        assertEquals(Subject.ROWS * (bits + 1), state.length);
        for (int row = 0; row < Subject.ROWS; row++) {
            float[] basis = new float[bits];
            Qem.fit(data, row * Subject.COLUMNS, Subject.COLUMNS, basis, false, Qem::leastSquares);
            assertArrayEquals(basis, Arrays.copyOfRange(state, row * (bits + 1), row * (bits + 1) + bits));
            assertEquals(0, state[row * (bits + 1) + bits], "weights have no offset by default");
        }
    }

    /** {@code a <- 0.9 a + 0.1 a_new}, with {@code a_new} from codes by the present basis; the offset likewise. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false", "3, true", "3, false", "4, true", "4, false"})
    void aTrainingStepMovesTheBasisATenthOfTheWayToTheLeastSquares(int bits, boolean offset) {
        for (Role role : Role.values()) {
            Subject subject = new Subject(new Candidate(Scheme.LQ, bits), role, true, offset);
            int rows = role == Role.WEIGHTS ? 2 : 1;
            Quantizer quantizer = subject.initialized(subject.data(2, rows, 600), rows);
            float[] batch = subject.data(3, rows, 600);
            for (int i = 0; i < batch.length; i++) {
                batch[i] *= 1.2f;
            }
            float[] before = quantizer.statistics().clone();
            quantizer.observe(batch, rows, 600, true);
            float[] after = quantizer.statistics();
            for (int row = 0; row < rows; row++) {
                int from = row * (bits + 1);
                double[] start = new double[offset ? bits + 1 : bits];
                Arrays.setAll(start, i -> before[from + i]);
                PlainQem fit = new PlainQem(Arrays.copyOfRange(batch, row * 600, row * 600 + 600), bits, start);
                fit.alternate();
                for (int i = 0; i < start.length; i++) {
                    assertEquals(0.9 * before[from + i] + 0.1 * fit.fit[i], after[from + i], 1e-5, "entry " + i);
                }
            }
        }
    }

    @Test
    void outsideTrainingTheBasisStays() {
        for (Role role : Role.values()) {
            Subject subject = new Subject(new Candidate(Scheme.LQ, 2), role, true, true);
            Quantizer quantizer = subject.initialized();
            float[] before = quantizer.statistics().clone();
            quantizer.observe(subject.data(4), Subject.ROWS, Subject.COLUMNS, false);
            assertArrayEquals(before, quantizer.statistics());
        }
    }

    @Test
    void manyTrainingStepsOnOneDistributionReachItsFit() {
        Subject subject = new Subject(new Candidate(Scheme.LQ, 2), Role.ACTIVATIONS, true, true);
        float[] data = subject.data(5, 1, 2000);
        float[] wider = data.clone();
        for (int i = 0; i < wider.length; i++) {
            wider[i] = 1.5f * wider[i] + 0.1f;
        }
        Quantizer quantizer = subject.initialized(wider, 1);
        for (int step = 0; step < 300; step++) {
            quantizer.observe(data, 1, 2000, true);
        }
        float[] quantized = subject.forward(quantizer, 0, data);
        double followed = Statistics.squaredDistance(data, quantized, 0, data.length);
        quantizer.initialize(data, 1, 2000);
        double fitted = Statistics.squaredDistance(data, subject.forward(quantizer, 0, data), 0, data.length);
        assertEquals(fitted, followed, 0.02 * fitted);
    }

    /** An array larger than the calibration sample; the values far apart so that each must be represented. */
    @Test
    void calibrationSamplesTheWholeTensor() {
        Subject subject = new Subject(new Candidate(Scheme.LQ, 1), Role.ACTIVATIONS, true, true);
        float[] data = new float[500 * 1000];
        for (int i = 0; i < data.length; i++) {
            data[i] = i < data.length / 2 ? -1 : 3;
        }
        Quantizer quantizer = subject.initialized(data, 500);
        assertArrayEquals(new float[] {2, 1}, quantizer.statistics(), 1e-4f);
    }

    /** A matrix four times as large as the sample, which differs from column to column. */
    @Test
    void calibrationSamplesAllColumns() {
        Subject subject = new Subject(new Candidate(Scheme.LQ, 1), Role.ACTIVATIONS, true, true);
        float[] data = new float[1024 * 512];
        for (int i = 0; i < data.length; i++) {
            data[i] = i % 4 < 2 ? -1 : 3;
        }
        Quantizer quantizer = subject.initialized(data, 1024);
        assertArrayEquals(new float[] {2, 1}, quantizer.statistics(), 1e-3f);
    }

    /** The identity for weights; for activations only between the outermost levels, both included. */
    @Test
    void onlyActivationsStopTheGradientOutsideTheLevels() {
        float[] data = {-3, -1, 1, 3};
        for (Role role : Role.values()) {
            Subject subject = new Subject(new Candidate(Scheme.LQ, 2), role, true, false);
            Quantizer quantizer = subject.initialized(data, 1);
            float[] levels = subject.forward(quantizer, 0, data);
            assertArrayEquals(data, levels, 1e-3f);
            float[] points = {levels[0], Math.nextDown(levels[0]), levels[3], Math.nextUp(levels[3]), 0, 99, -99};
            float[] gradient = new float[points.length];
            Arrays.fill(gradient, 1);
            float[] dataGradient = new float[points.length];
            quantizer.backward(0, points, 0, points.length, gradient, 1, dataGradient);
            float outside = role == Role.WEIGHTS ? 1 : 0;
            assertArrayEquals(new float[] {1, outside, 1, outside, 1, outside, outside}, dataGradient);
        }
    }

    /** Encoding counts the thresholds that a value reaches: a midpoint takes the upper level. */
    @Test
    void aMidpointTakesTheUpperLevelInTrainingAndFrozen() {
        Subject subject = new Subject(new Candidate(Scheme.LQ, 3), Role.ACTIVATIONS, true, true);
        Quantizer quantizer = subject.initialized();
        LevelActivation frozen = (LevelActivation) quantizer.freezeActivations();
        for (int k = 0; k < 7; k++) {
            float threshold = frozen.levels().thresholds()[k];
            assertEquals(frozen.levels().levels()[k + 1], subject.forward(quantizer, 0, threshold)[0]);
            assertEquals(frozen.levels().levels()[k], subject.forward(quantizer, 0, Math.nextDown(threshold))[0]);
        }
    }

    @Test
    void theOffsetIsOnByDefaultForActivationsOnlyAndIsNamedInTheVariant() {
        Candidate candidate = new Candidate(Scheme.LQ, 2);
        assertEquals("offset",
                Quantizer.create(candidate, Role.ACTIVATIONS, 1, 1, QuantizerSettings.DEFAULT).variant());
        assertEquals("", Quantizer.create(candidate, Role.WEIGHTS, 1, 1, QuantizerSettings.DEFAULT).variant());
        assertEquals("offset",
                Quantizer.create(candidate, Role.WEIGHTS, 1, 1, QuantizerSettings.DEFAULT.withLqOffset(true, false))
                        .variant());
    }

    @Test
    void nothingIsLearnedByGradient() {
        Subject subject = new Subject(new Candidate(Scheme.LQ, 2), Role.WEIGHTS, true, false);
        assertTrue(subject.initialized().parameters().isEmpty());
    }
}
