package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PactQuantizerTest {
    @Test
    void activationsAreUnsignedUnlessCalibrationGoesNegative() {
        assertEquals("unsigned", activations(4, 0, 1, 2).variant());
        assertEquals("unsigned", activations(4, -0f, 1, 2).variant());
        assertEquals("signed", activations(4, 3, 1, -0.01f).variant());
        assertArrayEquals(new float[] {0}, activations(4, 0, 1, 2).statistics());
        assertArrayEquals(new float[] {1}, activations(4, -1, 1, 2).statistics());
    }

    @Test
    void aSecondCalibrationDecidesAnew() {
        Quantizer quantizer = activations(4, -1, 1);
        quantizer.initialize(new float[] {0, 2}, 1, 2);
        assertEquals("unsigned", quantizer.variant());
    }

    @Test
    void weightsAreSignedEvenWhenAllArePositive() {
        Quantizer quantizer = Quantizer.create(new Candidate(Scheme.PACT, 2), Role.WEIGHTS, 1, 4,
                QuantizerSettings.DEFAULT);
        assertEquals("signed", quantizer.variant());
        quantizer.initialize(new float[] {1, 2, 3}, 1, 3);
        assertEquals("signed", quantizer.variant());
    }

    /** Rounding is half to even: {@code x^ = round(y (2^b - 1)/alpha) alpha/(2^b - 1)}, here with step 1. */
    @ParameterizedTest
    @CsvSource({"0.5, 0", "1.5, 2", "2.5, 2", "3, 3", "99, 3", "-0.5, 0", "-9, 0"})
    void unsignedTwoBitsHaveTheLevelsZeroToAlpha(float x, float level) {
        Quantizer quantizer = activations(2, 0, 1, 2, 3);
        quantizer.parameters().getFirst().value()[0] = 3;
        assertEquals(level, forward(quantizer, x));
        assertEquals(level, quantizer.freezeActivations().quantize(x));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0", "1.5, 2", "2.5, 2", "3.5, 3", "-1.5, -2", "-2.5, -2", "-99, -3"})
    void signedThreeBitsHaveSevenLevelsAroundZero(float x, float level) {
        Quantizer quantizer = activations(3, -3, 3);
        quantizer.parameters().getFirst().value()[0] = 3;
        assertEquals(level, forward(quantizer, x));
        assertEquals(level, quantizer.freezeActivations().quantize(x));
    }

    /** PACT equation 3: strictly inside for the data, at and above for alpha; unsigned zero is below. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0.001, 1, 0", "1.999, 1, 0", "2, 0, 1", "5, 0, 1", "-1, 0, 0"})
    void unsignedGradientsAtTheEnds(float x, float data, float clip) {
        assertGradients(activations(4, 0, 2), x, data, clip);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1.999, 1, 0", "2, 0, 1", "5, 0, 1", "-1.999, 1, 0", "-2, 0, -1", "-5, 0, -1"})
    void signedGradientsAtTheEnds(float x, float data, float clip) {
        assertGradients(activations(4, -2, 2), x, data, clip);
        assertGradients(activations(1, -2, 2), x, data, clip);
    }

    private static void assertGradients(Quantizer quantizer, float x, float data, float clip) {
        Parameter alpha = quantizer.parameters().getFirst();
        alpha.value()[0] = 2;
        float[] dataGradient = new float[1];
        quantizer.backward(0, new float[] {x}, 0, 1, new float[] {1}, 1, dataGradient);
        quantizer.finishBackward(1, 1);
        assertEquals(data, dataGradient[0]);
        assertEquals(clip, alpha.gradient()[0]);
    }

    /** The departure: the one-bit code {0, alpha} is frozen as it is, with its threshold at alpha/2. */
    @Test
    void unsignedOneBitFreezesToZeroAndAlpha() {
        Quantizer quantizer = activations(1, 0, 1, 2);
        quantizer.parameters().getFirst().value()[0] = 2;
        ActivationCode frozen = quantizer.freezeActivations();
        assertEquals(1, frozen.bits());
        for (float x : new float[] {-1, 0, 0.99f, 1, Math.nextUp(1f), 2, 9}) {
            assertEquals(x > 1 ? 2 : 0, forward(quantizer, x));
            assertEquals(forward(quantizer, x), frozen.quantize(x));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void initialClipHasTheLeastErrorOfAllFractionsOfTheMaximum(int bits) {
        for (boolean negative : new boolean[] {true, false}) {
            Subject subject = new Subject(new Candidate(Scheme.PACT, bits), Role.ACTIVATIONS, negative, false);
            float[] data = subject.data(3, 1, 3000);
            Quantizer quantizer = subject.initialized(data, 1);
            Parameter alpha = quantizer.parameters().getFirst();
            double reached = Statistics.squaredDistance(data, subject.forward(quantizer, 0, data), 0, data.length);
            float maximum = Statistics.maximumMagnitude(data, 0, data.length);
            assertTrue(alpha.value()[0] <= maximum);
            PaperFormula formula = subject.formula(quantizer, 0);
            for (double fraction = 0.05; fraction <= 1; fraction += 0.05) {
                double error = 0;
                for (float x : data) {
                    error += Math.pow(formula.quantize(new double[] {x, fraction * maximum}) - x, 2);
                }
                assertTrue(reached <= error * 1.001, alpha.value()[0] + " is worse than " + fraction * maximum);
            }
        }
    }

    @Test
    void alphaCarriesAnL2PenaltyAndARate() {
        Parameter alpha = activations(4, 0, 2).parameters().getFirst();
        assertEquals("alpha", alpha.name());
        assertTrue(alpha.penalty() > 0);
        assertEquals(alpha.value()[0], alpha.rateScale());
    }

    private static Quantizer activations(int bits, float... data) {
        Quantizer quantizer = Quantizer.create(new Candidate(Scheme.PACT, bits), Role.ACTIVATIONS, 1, 4,
                QuantizerSettings.DEFAULT);
        quantizer.initialize(data, 1, data.length);
        return quantizer;
    }

    private static float forward(Quantizer quantizer, float x) {
        float[] quantized = new float[1];
        quantizer.forward(0, new float[] {x}, 0, 1, quantized);
        return quantized[0];
    }
}
