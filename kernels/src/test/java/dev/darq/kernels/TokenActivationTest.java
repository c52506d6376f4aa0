package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenActivationTest {
    /** BitNet equation 4, in double. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void everyVectorIsScaledByItsLargestMagnitude(int bits) {
        int highest = (1 << (bits - 1)) - 1;
        Random random = new Random(1);
        for (float size : new float[] {1e-3f, 1, 1e6f}) {
            float[] x = KernelCases.gaussian(random, 300);
            double maximum = 0;
            for (int i = 0; i < x.length; i++) {
                x[i] *= size;
                maximum = Math.max(maximum, Math.abs(x[i]));
            }
            float[] y = quantize(bits, x);
            for (int i = 0; i < x.length; i++) {
                double position = x[i] / maximum * highest;
                if (Math.abs(position - Math.floor(position) - 0.5) > 1e-4) {
                    assertEquals(Math.rint(position) * maximum / highest, y[i], 2e-5 * maximum);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void quantizingTwiceChangesNoBit(int bits) {
        Random random = new Random(2);
        for (int k = 0; k < 2000; k++) {
            float[] x = KernelCases.gaussian(random, 1 + k % 50);
            for (int i = 0; i < x.length; i++) {
                x[i] *= (float) Math.exp(8 * random.nextGaussian());
            }
            float[] once = quantize(bits, x);
            assertArrayEquals(once, quantize(bits, once));
        }
    }

    @Test
    void tinyVectorsAreScaledByTheLeastMaximumAndZerosStay() {
        assertArrayEquals(new float[] {0, 0, 0}, quantize(8, new float[] {0, -0f, 1e-9f}));
        assertEquals(1e-5, quantize(8, new float[] {1e-5f})[0], 1e-10);
    }

    @Test
    void whatIsNotFiniteTakesNoPartInTheScaleAndGoesToTheEnds() {
        assertArrayEquals(new float[] {-127, 127, -127, 127, 3}, quantize(8,
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 127, 3}));
    }

    @Test
    void everyProviderGivesTheSameBits() {
        Random random = new Random(3);
        for (int columns : new int[] {1, 7, 16, 65, 784}) {
            FloatWeights weights = new FloatWeights(9, columns, 32, KernelCases.gaussian(random, 9 * columns));
            float[] x = KernelCases.gaussian(random, columns);
            Linear token = new Linear("l", weights, new TokenActivation(8), new float[9]);
            Linear rounded = new Linear("l", weights, new FloatActivation(32), new float[9]);
            float[] expected = Providers.run(new ScalarProvider(), rounded, quantize(8, x));
            for (KernelProvider provider : Providers.all()) {
                assertArrayEquals(expected, Providers.run(provider, token, x), provider.name());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9})
    void otherBitsAreRefused(int bits) {
        assertThrows(IllegalArgumentException.class, () -> new TokenActivation(bits));
    }

    private static float[] quantize(int bits, float[] x) {
        float[] y = new float[x.length];
        new TokenActivation(bits).quantize(x, 0, x.length, y, 0);
        return y;
    }
}
