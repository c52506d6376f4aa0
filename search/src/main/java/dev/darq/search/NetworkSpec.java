package dev.darq.search;

import dev.darq.kernels.ActivationFunction;
import java.util.List;

/**
 * A multi-layer perceptron: linear layers with an activation function between them, logits at the end.
 *
 * @param layers     sizes from the input to the output, at least two
 * @param activation the function between the linear layers
 */
public record NetworkSpec(List<Integer> layers, ActivationFunction activation) {
    /** Copies the list. */
    public NetworkSpec {
        layers = List.copyOf(layers);
    }
}
