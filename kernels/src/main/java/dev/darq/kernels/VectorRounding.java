package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;

import jdk.incubator.vector.FloatVector;

/** Rounds inputs to the values of a uniform code; what does not fill a vector goes by the reference, to the same bits. */
final class VectorRounding implements ElementKernel {
    private static final int LANES = FLOATS.length();

    private final UniformActivation code;

    VectorRounding(UniformActivation code) {
        this.code = code;
    }

    @Override
    public void apply(float[] x, int xAt, int count, float[] y, int yAt) {
        int whole = FLOATS.loopBound(count);
        round(code, x, xAt, whole, y, yAt);
        for (int i = whole; i < count; i++) {
            y[yAt + i] = code.quantize(x[xAt + i]);
        }
    }

    private static void round(UniformActivation code, float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector shifted = UniformEncoder.shifted(code, FloatVector.fromArray(FLOATS, x, xAt + i));
            // The difference is exact, and +0 for code 0, just as the reference's integer turned into a float.
            FloatVector q = shifted.sub(UniformActivation.ROUNDER);
            q.mul(code.scale()).add(code.offset()).intoArray(y, yAt + i);
        }
    }
}
