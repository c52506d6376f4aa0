package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.BinaryLevels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The solver of the thesis on LQFullyConnected. */
class GradientQemTest {
    /** The solver of the thesis ends near the closed form on the same data. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false", "3, false", "4, false"})
    void theGradientSolverEndsNearTheClosedForm(int bits, boolean fitOffset) {
        float[] data = QemTest.normal(6, 800, 0.3);
        float[] closed = new float[bits];
        float closedOffset = QemTest.fit(data, 0, data.length, closed, fitOffset);
        float[] basis = new float[bits];
        float offset = Qem.fit(data, 0, data.length, basis, fitOffset, new GradientQem(20));
        double expected = QemTest.error(data, closed, closedOffset);
        assertEquals(expected, QemTest.error(data, basis, offset), 0.03 * expected);
    }

    /** {@code a -= lr/n sum[((b_i, a) - x_i) b_i] + lr lambda a}, value by value. */
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.QemTest#fits")
    void aGradientStepIsTheFormulaOfTheThesis(int bits, boolean fitOffset) {
        float[] data = QemTest.normal(7, 300, 0.2);
        double[] basis = PlainQem.start(bits, 1);
        float[] present = QemTest.toFloats(basis, bits);
        Arrays.setAll(basis, i -> present[i]);
        double rate = 1.0 / (bits + 1);
        double[] expected = Arrays.copyOf(basis, bits + 1);
        BinaryLevels levels = new BinaryLevels(present, 0);
        for (float x : data) {
            int code = levels.codes()[levels.encode(x)];
            double residual = -x;
            for (int i = 0; i < bits; i++) {
                residual += (code >> i & 1) != 0 ? basis[i] : -basis[i];
            }
            for (int i = 0; i <= bits; i++) {
                expected[i] -= rate / data.length * residual * (i == bits || (code >> i & 1) != 0 ? 1 : -1);
            }
        }
        for (int i = 0; i < bits; i++) {
            expected[i] -= rate * GradientQem.PENALTY * basis[i];
        }
        double offset = new GradientQem(1).solve(QemTest.encode(data, present, 0), basis, 0, fitOffset);
        assertEquals(fitOffset ? expected[bits] : 0, offset, 1e-9);
        assertArrayEquals(Arrays.stream(expected).limit(bits).map(Math::abs).sorted().toArray(), basis, 1e-9);
    }

    @Test
    void theGradientSolverNeverRaisesThePenalisedError() {
        for (int bits = 1; bits <= 4; bits++) {
            float[] data = QemTest.normal(8, 500, 0.2);
            BinaryFit fit = new BinaryFit(new SortedValues(data, 0, 500, 0), PlainQem.start(bits, 1), 0, true,
                    new GradientQem(1));
            double previous = penalised(fit, data.length);
            for (int step = 0; step < 200; step++) {
                fit.alternate(1, 0);
                assertTrue(penalised(fit, data.length) <= previous * (1 + 1e-9), "step " + step);
                previous = penalised(fit, data.length);
            }
        }
    }

    private static double penalised(BinaryFit fit, int count) {
        return fit.error() + count * GradientQem.PENALTY * Arrays.stream(fit.basis()).map(a -> a * a).sum();
    }
}
