package dev.darq.search;

import dev.darq.kernels.ActivationFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * A multi-layer perceptron: linear layers with an activation function between them, logits at the end.
 *
 * @param layers     sizes from the input to the output, at least two
 * @param activation the function between the linear layers
 */
public record MlpSpec(List<Integer> layers, ActivationFunction activation) implements NetworkSpec {
    /** Copies the list. */
    public MlpSpec {
        layers = List.copyOf(layers);
    }

    /** The linear layers, {@code linear1} first. */
    @Override
    public List<LayerShape> shapes() {
        List<LayerShape> shapes = new ArrayList<>();
        for (int i = 1; i < layers.size(); i++) {
            shapes.add(new LayerShape("linear" + i, layers.get(i - 1), layers.get(i),
                    i + 1 < layers.size() ? activation : null));
        }
        return shapes;
    }

    @Override
    public int inputs() {
        return layers.getFirst();
    }

    @Override
    public int classes() {
        return layers.getLast();
    }
}
