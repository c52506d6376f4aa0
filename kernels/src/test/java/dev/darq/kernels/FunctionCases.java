package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/** A sweep over the line, with the special floats. */
final class FunctionCases {
    private FunctionCases() {}

    static void check(KernelProvider provider, ActivationFunction function) {
        float[] x = inputs();
        float[] y = new float[x.length];
        provider.function(function).apply(x, 0, x.length, y, 0);
        for (int i = 0; i < x.length; i++) {
            assertEquals(Float.floatToIntBits(function.apply(x[i])), Float.floatToIntBits(y[i]),
                    provider + " " + function + " at " + x[i]);
        }
    }

    static float[] inputs() {
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1e-30f, -1e-30f, 1e-4f,
                -1e-4f, 1e30f, -1e30f, Float.MAX_VALUE, Float.MIN_VALUE, 87.5f, -87.5f, 88.8f, -88.8f, 20f, -20f};
        float[] x = Arrays.copyOf(special, 20003);
        for (int i = special.length; i < x.length; i++) {
            x[i] = (i - 10000) * 1.1e-3f;
        }
        return x;
    }
}
