package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.WeightCode;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class ChannelCorrectionTest {
    private static final float[] OUTPUTS = {1, 5, 2, 3, 4, 1, 7, 2};
    private static final float[] WANTED = {3, 9, 4, 6, 9, 2, 13, 3.5f};

    @Test
    void itSolvesTheNormalEquations() {
        ChannelCorrection correction = ChannelCorrection.fit(OUTPUTS, WANTED, 2, true);
        for (int row = 0; row < 2; row++) {
            double[][] design = new double[4][];
            double[] wanted = new double[4];
            for (int i = 0; i < 4; i++) {
                design[i] = new double[] {OUTPUTS[2 * i + row], 1};
                wanted[i] = WANTED[2 * i + row];
            }
            RealMatrix matrix = new Array2DRowRealMatrix(design);
            double[] solution = new LUDecomposition(matrix.transpose().multiply(matrix)).getSolver()
                    .solve(matrix.transpose().operate(new ArrayRealVector(wanted))).toArray();
            assertEquals(solution[0], correction.slope()[row], 1e-6);
            assertEquals(solution[1], correction.shift()[row], 1e-5);
        }
    }

    @Test
    void aConstantChannelAndOneThatRunsBackwardsKeepTheirSlope() {
        ChannelCorrection correction = ChannelCorrection.fit(new float[] {2, 1, 2, 3}, new float[] {5, 4, 7, 0}, 2,
                true);
        assertArrayEquals(new float[] {1, 1}, correction.slope());
        assertArrayEquals(new float[] {4, 0}, correction.shift());
    }

    @Test
    void everyKindOfWeightsTakesItUpExactly() {
        ChannelCorrection correction = new ChannelCorrection(new float[] {2, 0.5f}, new float[] {1, -1});
        List<WeightCode> kinds = List.of(
                BinaryCode.fromCodes(2, 3, 1, new float[] {1, 3}, new float[] {0.5f, 0}, new int[] {0, 1, 1, 0, 0, 1}),
                new IntegerWeights(2, 3, new short[] {1, 2, 3, 4, 5, 6}, new float[] {1, 2}),
                new FloatWeights(2, 3, 32, new float[] {1, 2, 3, 4, 5, 6}),
                new GroupedWeights(2, 3, BinaryCode.fromCodes(4, 2, 1, new float[] {1, 2, 3, 4}, new float[4],
                        new int[] {0, 1, 1, 0, 1, 0, 1, 1})));
        for (WeightCode weights : kinds) {
            Linear layer = new Linear("linear", weights, new FloatActivation(32), new float[] {3, 4});
            Linear corrected = correction.applied(layer);
            float[] expected = weights.decode();
            for (int i = 0; i < expected.length; i++) {
                expected[i] *= correction.slope()[i / 3];
            }
            assertArrayEquals(expected, corrected.weights().decode());
            assertArrayEquals(new float[] {7, 1}, corrected.bias());
        }
    }
}
