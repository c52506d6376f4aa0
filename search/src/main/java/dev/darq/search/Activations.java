package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import dev.darq.kernels.ActivationFunction;

/** Activation functions on libtorch. */
final class Activations {
    private Activations() {}

    static NDArray apply(ActivationFunction function, NDArray value) {
        return switch (function) {
            case TANH -> Activation.tanh(value);
            case RELU -> Activation.relu(value);
            case SIGMOID -> Activation.sigmoid(value);
            case GELU -> Activation.gelu(value);
        };
    }
}
