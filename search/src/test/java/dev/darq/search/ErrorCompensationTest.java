package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.BinaryCode;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCompensationTest {
    private final CorrelatedInputs data = new CorrelatedInputs(5);

    private BinaryCode nearest(String candidate) {
        Quantizer quantizer = Quantizer.create(Candidate.parse(candidate), Role.WEIGHTS, CorrelatedInputs.ROWS,
                CorrelatedInputs.COLUMNS, QuantizerSettings.DEFAULT);
        quantizer.initialize(data.weights, CorrelatedInputs.ROWS, CorrelatedInputs.COLUMNS);
        return (BinaryCode) quantizer.freezeWeights(data.weights, CorrelatedInputs.ROWS, CorrelatedInputs.COLUMNS);
    }

    private ErrorCompensation compensation() {
        return ErrorCompensation.of(data.inputs, data.outputs, data.weights, CorrelatedInputs.SAMPLES,
                CorrelatedInputs.COLUMNS);
    }

    @ParameterizedTest
    @CsvSource({"lq1, true", "lq2, true", "lq3, true", "uniform3, false", "lsq+2, false"})
    void itBeatsRoundingToTheNearestOnCorrelatedInputs(String candidate, boolean learned) {
        BinaryCode rounded = nearest(candidate);
        BinaryCode compensated = compensation().compensate(rounded, learned);
        double before = data.error(rounded.decode());
        double after = data.error(compensated.decode());
        assertTrue(after < 0.5 * before, "output error " + before + " before, " + after + " after");
    }

    @Test
    void evenlySpacedLevelsStayWhereTheyAre() {
        BinaryCode rounded = nearest("uniform3");
        BinaryCode compensated = compensation().compensate(rounded, false);
        assertArrayEquals(rounded.basis(), compensated.basis());
        assertArrayEquals(rounded.offset(), compensated.offset());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void noTurnRaisesTheError(int bits) {
        double[][] hessian = Moments.covariance(data.inputs, CorrelatedInputs.COLUMNS, data.inputs,
                CorrelatedInputs.COLUMNS, CorrelatedInputs.SAMPLES);
        double[][] factor = new double[CorrelatedInputs.COLUMNS][CorrelatedInputs.COLUMNS];
        for (int i = 0; i < CorrelatedInputs.COLUMNS; i++) {
            factor[i][i] = 1; // nothing is spread: the sweep rounds to the nearest
        }
        for (int row = 0; row < CorrelatedInputs.ROWS; row++) {
            double[] target = new double[CorrelatedInputs.COLUMNS];
            int from = row * CorrelatedInputs.COLUMNS;
            Arrays.setAll(target, i -> data.weights[from + i]);
            CompensatedChannel channel = new CompensatedChannel(hessian, factor, target, nearest("lq" + bits), row);
            channel.sweep();
            double first = channel.error();
            double before = first;
            for (int turn = 0; turn < 5; turn++) {
                channel.refine(true, 1);
                double after = channel.error();
                assertTrue(after <= before * (1 + 1e-5), "turn " + turn + ": " + before + " to " + after);
                before = after;
            }
            assertTrue(before < first, "from " + first + " to " + before);
        }
    }

    /** Two inputs that are always equal: the second takes up the error of the first, so the sum is nearly right. */
    @Test
    void theSecondOfTwoEqualInputsTakesUpTheErrorOfTheFirst() {
        float[] inputs = new float[200];
        float[] outputs = new float[100];
        for (int i = 0; i < 100; i++) {
            inputs[2 * i] = i;
            inputs[2 * i + 1] = i;
            outputs[i] = 1.2f * i;
        }
        BinaryCode levels = BinaryCode.fromCodes(1, 2, 2, new float[] {0.5f, 1}, new float[1], new int[2]);
        BinaryCode code = ErrorCompensation.of(inputs, outputs, new float[] {0.6f, 0.6f}, 100, 2)
                .compensate(levels, false);
        float[] weights = code.decode();
        // Levels -1.5, -0.5, 0.5, 1.5: both to the nearest give 1.0, as no pair comes nearer to 1.2 than 1.0 does.
        assertEquals(1.0, weights[0] + weights[1], 1e-6);
        float[] far = ErrorCompensation.of(inputs, scaled(outputs, 1.7f / 1.2f), new float[] {0.85f, 0.85f}, 100, 2)
                .compensate(levels, false).decode();
        // To the nearest both would be 0.5; one 0.5 and one 1.5 come nearer to 1.7.
        assertEquals(2.0, far[0] + far[1], 1e-6);
    }

    private static float[] scaled(float[] values, float factor) {
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }
}
