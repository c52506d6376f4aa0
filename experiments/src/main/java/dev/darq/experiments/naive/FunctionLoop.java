package dev.darq.experiments.naive;

import dev.darq.kernels.ActivationFunction;

/** An activation function, value by value. */
final class FunctionLoop implements NaiveNetwork.Step {
    private final ActivationFunction function;
    private final float[] y;

    FunctionLoop(ActivationFunction function, int width) {
        this.function = function;
        y = new float[width];
    }

    @Override
    public float[] run(float[] x, int xAt) {
        for (int i = 0; i < y.length; i++) {
            y[i] = function.apply(x[xAt + i]);
        }
        return y;
    }
}
