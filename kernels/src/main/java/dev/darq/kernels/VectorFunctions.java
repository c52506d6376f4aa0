package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link ScalarFunctions} on vectors: the same operations in the same order. */
final class VectorFunctions implements ElementKernel {
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

    private static void applyTanh(float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            tanh(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
    }

    private static void applyRelu(float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, xAt + i).max(0).intoArray(y, yAt + i);
        }
    }

    private static void applySigmoid(float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            sigmoid(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
    }

    private static void applyGelu(float[] x, int xAt, int count, float[] y, int yAt) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            gelu(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
    }

    private static FloatVector tanh(FloatVector x) {
        FloatVector limited = atMost(x.abs(), ScalarFunctions.TANH_SATURATES);
        FloatVector e = expMinusOne(limited.add(limited));
        FloatVector result = e.div(e.add(2));
        return result.blend(result.neg(), x.compare(VectorOperators.LT, 0));
    }

    private static FloatVector sigmoid(FloatVector x) {
        FloatVector y = atLeast(atMost(x.neg(), ScalarFunctions.EXP_HIGHEST), ScalarFunctions.EXP_LOWEST);
        return constant(1).div(expMinusOne(y).add(2));
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector limited = atLeast(x, ScalarFunctions.GELU_LOWEST);
        FloatVector z = limited.mul(ScalarFunctions.SQRT_HALF).abs();
        FloatVector t = constant(1).div(z.fma(constant(ScalarFunctions.ERFC_P), constant(1)));
        FloatVector sum = constant(ScalarFunctions.ERFC[0]);
        sum = sum.fma(t, constant(ScalarFunctions.ERFC[1]));
        sum = sum.fma(t, constant(ScalarFunctions.ERFC[2]));
        sum = sum.fma(t, constant(ScalarFunctions.ERFC[3]));
        sum = sum.fma(t, constant(ScalarFunctions.ERFC[4]));
        FloatVector y = atLeast(z.mul(z).neg(), ScalarFunctions.EXP_LOWEST);
        FloatVector tail = sum.mul(t).mul(expMinusOne(y).add(1));
        FloatVector factor = constant(2).sub(tail).blend(tail, limited.compare(VectorOperators.LT, 0));
        return limited.mul(0.5f).mul(factor);
    }

    private static FloatVector expMinusOne(FloatVector y) {
        FloatVector shifted = y.fma(constant(ScalarFunctions.LOG2_E), constant(UniformActivation.ROUNDER));
        FloatVector n = shifted.sub(UniformActivation.ROUNDER);
        FloatVector r = n.fma(constant(-ScalarFunctions.LN2_LOW), n.fma(constant(-ScalarFunctions.LN2_HIGH), y));
        FloatVector sum = constant(ScalarFunctions.TAYLOR[0]);
        sum = sum.fma(r, constant(ScalarFunctions.TAYLOR[1]));
        sum = sum.fma(r, constant(ScalarFunctions.TAYLOR[2]));
        sum = sum.fma(r, constant(ScalarFunctions.TAYLOR[3]));
        sum = sum.fma(r, constant(ScalarFunctions.TAYLOR[4]));
        sum = sum.fma(r, constant(ScalarFunctions.TAYLOR[5]));
        sum = sum.fma(r, constant(ScalarFunctions.TAYLOR[6]));
        FloatVector small = sum.fma(r.mul(r), r);
        FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)
                .add(Float.floatToRawIntBits(1f)).reinterpretAsFloats();
        return power.fma(small, power.sub(1));
    }

    /** Compare and blend instead of minimum: NaN stays NaN, as in the reference. */
    private static FloatVector atMost(FloatVector x, float limit) {
        return x.blend(limit, x.compare(VectorOperators.GT, limit));
    }

    private static FloatVector atLeast(FloatVector x, float limit) {
        return x.blend(limit, x.compare(VectorOperators.LT, limit));
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }
}
