package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationFunctionTest {
    @ParameterizedTest
    @EnumSource
    void providersGiveTheSameBits(ActivationFunction function) {
        for (KernelProvider provider : Providers.all()) {
            FunctionCases.check(provider, function);
        }
    }

    @Test
    void tanhAndSigmoidAreWithinFourParts() {
        for (float x : FunctionCases.inputs()) {
            if (!Float.isNaN(x)) {
                assertEquals(Math.tanh(x), ActivationFunction.TANH.apply(x), 4e-7, () -> "tanh " + x);
                assertEquals(1 / (1 + Math.exp(-x)), ActivationFunction.SIGMOID.apply(x), 4e-7, () -> "sigmoid " + x);
            }
        }
    }

    @Test
    void tanhKeepsSmallNumbersToTheLastFewBits() {
        for (float x = 1e-20f; x < 0.5f; x *= 1.01f) {
            assertEquals(Math.tanh(x), ActivationFunction.TANH.apply(x), 4e-7 * x);
            assertEquals(-ActivationFunction.TANH.apply(x), ActivationFunction.TANH.apply(-x));
        }
    }

    @Test
    void geluIsTheIntegralOfTheNormalDensityTimesX() {
        double step = 1e-4;
        double integral = 0.5;
        for (int i = 0; i < 80_000; i++) {
            double middle = (i + 0.5) * step;
            integral += step * Math.exp(-middle * middle / 2) / Math.sqrt(2 * Math.PI);
            float x = (float) ((i + 1) * step);
            assertEquals(x * integral, ActivationFunction.GELU.apply(x), 4e-7 * Math.max(1, x), () -> "gelu " + x);
            assertEquals(-x * (1 - integral), ActivationFunction.GELU.apply(-x), 4e-7 * Math.max(1, x));
        }
    }

    @Test
    void farOutTheyReachTheirLimits() {
        float infinity = Float.POSITIVE_INFINITY;
        for (float x : new float[] {100, 1e30f, infinity}) {
            assertEquals(1, ActivationFunction.TANH.apply(x));
            assertEquals(-1, ActivationFunction.TANH.apply(-x));
            assertEquals(1, ActivationFunction.SIGMOID.apply(x));
            assertEquals(0, ActivationFunction.SIGMOID.apply(-x), 1e-37f);
            assertEquals(x, ActivationFunction.GELU.apply(x));
            assertEquals(0, ActivationFunction.GELU.apply(-x), 1e-36f);
            assertEquals(x, ActivationFunction.RELU.apply(x));
            assertEquals(0, ActivationFunction.RELU.apply(-x));
        }
    }

    @ParameterizedTest
    @EnumSource
    void notANumberStaysSo(ActivationFunction function) {
        assertTrue(Float.isNaN(function.apply(Float.NaN)));
    }
}
