package dev.darq.kernels;

import static dev.darq.kernels.ScalarFunctions.ERFC;
import static dev.darq.kernels.ScalarFunctions.TAYLOR;
import static dev.darq.kernels.Shapes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ScalarFunctions} on vectors: the same operations in the same order. Compare and blend stand for minimum and maximum:
 * NaN stays NaN, as in the reference.
 *
 * <p>The exponential is written out in each function. As a method of its own it would be compiled by itself, then be too
 * large to be inlined, and every vector that goes in or out would become an object.
 */
final class VectorFunctions implements ElementKernel {
    private static final int ONE_BITS = Float.floatToRawIntBits(1f);

    private final ActivationFunction function;

    VectorFunctions(ActivationFunction function) {
        this.function = function;
    }

    @Override
    public void apply(float[] x, int xAt, int count, float[] y, int yAt) {
        int whole = FLOATS.loopBound(count);
        switch (function) {
            case TANH -> applyTanh(x, xAt, whole, y, yAt);
            case RELU -> applyRelu(x, xAt, whole, y, yAt);
            case SIGMOID -> applySigmoid(x, xAt, whole, y, yAt);
            case GELU -> applyGelu(x, xAt, whole, y, yAt);
        }
        for (int i = whole; i < count; i++) {
            y[yAt + i] = function.apply(x[xAt + i]);
        }
    }

    private static void applyRelu(float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, xAt + i).max(0).intoArray(y, yAt + i);
        }
    }

    private static void applyTanh(float[] x, int xAt, int count, float[] y, int yAt) {
        FloatVector log2e = FloatVector.broadcast(FLOATS, ScalarFunctions.LOG2_E);
        FloatVector rounder = FloatVector.broadcast(FLOATS, UniformActivation.ROUNDER);
        FloatVector ln2High = FloatVector.broadcast(FLOATS, -ScalarFunctions.LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(FLOATS, -ScalarFunctions.LN2_LOW);
        FloatVector t0 = FloatVector.broadcast(FLOATS, TAYLOR[0]);
        FloatVector t1 = FloatVector.broadcast(FLOATS, TAYLOR[1]);
        FloatVector t2 = FloatVector.broadcast(FLOATS, TAYLOR[2]);
        FloatVector t3 = FloatVector.broadcast(FLOATS, TAYLOR[3]);
        FloatVector t4 = FloatVector.broadcast(FLOATS, TAYLOR[4]);
        FloatVector t5 = FloatVector.broadcast(FLOATS, TAYLOR[5]);
        FloatVector t6 = FloatVector.broadcast(FLOATS, TAYLOR[6]);
        for (int i = 0; i < count; i += FLOATS.length()) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, xAt + i);
            FloatVector size = v.abs();
            FloatVector limited = size.blend(ScalarFunctions.TANH_SATURATES,
                    size.compare(VectorOperators.GT, ScalarFunctions.TANH_SATURATES));
            FloatVector twice = limited.add(limited);
            FloatVector shifted = twice.fma(log2e, rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(ln2Low, n.fma(ln2High, twice));
            FloatVector sum = t0.fma(r, t1).fma(r, t2).fma(r, t3).fma(r, t4).fma(r, t5).fma(r, t6);
            FloatVector small = sum.fma(r.mul(r), r);
            FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE_BITS)
                    .reinterpretAsFloats();
            FloatVector e = power.fma(small, power.sub(1));
            FloatVector result = e.div(e.add(2));
            result.blend(result.neg(), v.compare(VectorOperators.LT, 0)).intoArray(y, yAt + i);
        }
    }

    private static void applySigmoid(float[] x, int xAt, int count, float[] y, int yAt) {
        FloatVector log2e = FloatVector.broadcast(FLOATS, ScalarFunctions.LOG2_E);
        FloatVector rounder = FloatVector.broadcast(FLOATS, UniformActivation.ROUNDER);
        FloatVector ln2High = FloatVector.broadcast(FLOATS, -ScalarFunctions.LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(FLOATS, -ScalarFunctions.LN2_LOW);
        FloatVector t0 = FloatVector.broadcast(FLOATS, TAYLOR[0]);
        FloatVector t1 = FloatVector.broadcast(FLOATS, TAYLOR[1]);
        FloatVector t2 = FloatVector.broadcast(FLOATS, TAYLOR[2]);
        FloatVector t3 = FloatVector.broadcast(FLOATS, TAYLOR[3]);
        FloatVector t4 = FloatVector.broadcast(FLOATS, TAYLOR[4]);
        FloatVector t5 = FloatVector.broadcast(FLOATS, TAYLOR[5]);
        FloatVector t6 = FloatVector.broadcast(FLOATS, TAYLOR[6]);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < count; i += FLOATS.length()) {
            FloatVector negative = FloatVector.fromArray(FLOATS, x, xAt + i).neg();
            FloatVector bounded = negative.blend(ScalarFunctions.EXP_HIGHEST,
                    negative.compare(VectorOperators.GT, ScalarFunctions.EXP_HIGHEST));
            FloatVector limited = bounded.blend(ScalarFunctions.EXP_LOWEST,
                    bounded.compare(VectorOperators.LT, ScalarFunctions.EXP_LOWEST));
            FloatVector shifted = limited.fma(log2e, rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(ln2Low, n.fma(ln2High, limited));
            FloatVector sum = t0.fma(r, t1).fma(r, t2).fma(r, t3).fma(r, t4).fma(r, t5).fma(r, t6);
            FloatVector small = sum.fma(r.mul(r), r);
            FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE_BITS)
                    .reinterpretAsFloats();
            FloatVector e = power.fma(small, power.sub(1));
            one.div(e.add(2)).intoArray(y, yAt + i);
        }
    }

    private static void applyGelu(float[] x, int xAt, int count, float[] y, int yAt) {
        FloatVector log2e = FloatVector.broadcast(FLOATS, ScalarFunctions.LOG2_E);
        FloatVector rounder = FloatVector.broadcast(FLOATS, UniformActivation.ROUNDER);
        FloatVector ln2High = FloatVector.broadcast(FLOATS, -ScalarFunctions.LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(FLOATS, -ScalarFunctions.LN2_LOW);
        FloatVector t0 = FloatVector.broadcast(FLOATS, TAYLOR[0]);
        FloatVector t1 = FloatVector.broadcast(FLOATS, TAYLOR[1]);
        FloatVector t2 = FloatVector.broadcast(FLOATS, TAYLOR[2]);
        FloatVector t3 = FloatVector.broadcast(FLOATS, TAYLOR[3]);
        FloatVector t4 = FloatVector.broadcast(FLOATS, TAYLOR[4]);
        FloatVector t5 = FloatVector.broadcast(FLOATS, TAYLOR[5]);
        FloatVector t6 = FloatVector.broadcast(FLOATS, TAYLOR[6]);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector two = FloatVector.broadcast(FLOATS, 2);
        FloatVector erfcP = FloatVector.broadcast(FLOATS, ScalarFunctions.ERFC_P);
        FloatVector c0 = FloatVector.broadcast(FLOATS, ERFC[0]);
        FloatVector c1 = FloatVector.broadcast(FLOATS, ERFC[1]);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ERFC[2]);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ERFC[3]);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ERFC[4]);
        for (int i = 0; i < count; i += FLOATS.length()) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, xAt + i);
            FloatVector limited = v.blend(ScalarFunctions.GELU_LOWEST,
                    v.compare(VectorOperators.LT, ScalarFunctions.GELU_LOWEST));
            FloatVector z = limited.mul(ScalarFunctions.SQRT_HALF).abs();
            FloatVector t = one.div(z.fma(erfcP, one));
            FloatVector erfc = c0.fma(t, c1).fma(t, c2).fma(t, c3).fma(t, c4);
            FloatVector square = z.mul(z).neg();
            FloatVector exponent = square.blend(ScalarFunctions.EXP_LOWEST,
                    square.compare(VectorOperators.LT, ScalarFunctions.EXP_LOWEST));
            FloatVector shifted = exponent.fma(log2e, rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(ln2Low, n.fma(ln2High, exponent));
            FloatVector sum = t0.fma(r, t1).fma(r, t2).fma(r, t3).fma(r, t4).fma(r, t5).fma(r, t6);
            FloatVector small = sum.fma(r.mul(r), r);
            FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE_BITS)
                    .reinterpretAsFloats();
            FloatVector e = power.fma(small, power.sub(1));
            FloatVector tail = erfc.mul(t).mul(e.add(1));
            FloatVector factor = two.sub(tail).blend(tail, limited.compare(VectorOperators.LT, 0));
            limited.mul(0.5f).mul(factor).intoArray(y, yAt + i);
        }
    }
}
