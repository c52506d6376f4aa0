package dev.darq.search;

import dev.darq.kernels.ActivationFunction;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer as a cost sees it.
 *
 * @param name      the layer's name, for example {@code linear1}
 * @param inputs    its input size
 * @param outputs   its output size
 * @param function  the function that its outputs run through, or null where none follows directly
 * @param positions how often it runs in one inference: the length of the sequence whose tokens it takes one by one
 */
public record LayerShape(String name, int inputs, int outputs, @Nullable ActivationFunction function, int positions) {
    /** A layer that runs once. */
    public LayerShape(String name, int inputs, int outputs, @Nullable ActivationFunction function) {
        this(name, inputs, outputs, function, 1);
    }

    /** Number of weights. */
    public long weights() {
        return (long) inputs * outputs;
    }

    /** Number of multiply-accumulates of one inference. */
    public long multiplyAccumulates() {
        return weights() * positions;
    }

    /** Values that the layer reads in one inference, beside its weights. */
    public long inputValues() {
        return (long) inputs * positions;
    }
}
