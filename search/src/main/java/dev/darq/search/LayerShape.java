package dev.darq.search;

import dev.darq.kernels.ActivationFunction;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer as a cost sees it.
 *
 * @param name     the layer's name, for example {@code linear1}
 * @param inputs   its input size
 * @param outputs  its output size
 * @param function the function that its outputs run through, or null behind the last layer
 */
public record LayerShape(String name, int inputs, int outputs, @Nullable ActivationFunction function) {
    /** Number of weights, and of multiply-accumulates of one inference. */
    public long weights() {
        return (long) inputs * outputs;
    }
}
