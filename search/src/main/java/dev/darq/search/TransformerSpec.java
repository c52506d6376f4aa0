package dev.darq.search;

import dev.darq.kernels.ActivationFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer encoder that classifies sequences (Vaswani et al. 2017, with the normalisation before each block as in Xiong
 * et al. 2020): a linear embedding with learned positions, blocks of self-attention and of a feed-forward network four
 * times as wide, the mean over the sequence, logits. Attention's own two products have no weights, so they are neither
 * quantized nor counted in a cost.
 *
 * @param tokens     length of the sequence
 * @param features   values of a token; an example is {@code tokens * features} values, token after token
 * @param width      values of a token inside the network
 * @param depth      number of layers, each of attention and feed-forward network
 * @param heads      of the attention; a divisor of the width
 * @param activation the function inside the feed-forward networks
 * @param classes    number of logits
 */
public record TransformerSpec(int tokens, int features, int width, int depth, int heads,
        ActivationFunction activation, int classes) implements NetworkSpec {
    private static final int EXPANSION = 4;
    static final String EMBEDDING = "embedding";
    static final String CLASSIFIER = "classifier";

    /** Checks the heads. */
    public TransformerSpec {
        if (width % heads != 0) {
            throw new IllegalArgumentException("a width of " + width + " is not divisible by " + heads + " heads");
        }
    }

    /** Values of a token between the two linear layers of a feed-forward network. */
    public int hidden() {
        return EXPANSION * width;
    }

    /** {@code embedding}, {@code layer1.attention.query} and so on, {@code classifier}. */
    @Override
    public List<LayerShape> shapes() {
        List<LayerShape> shapes = new ArrayList<>();
        shapes.add(shape(EMBEDDING, features, width, null));
        for (int i = 1; i <= depth; i++) {
            String attention = "layer" + i + ".attention.";
            String feedForward = "layer" + i + ".feedforward.";
            shapes.add(shape(attention + "query", width, width, null));
            shapes.add(shape(attention + "key", width, width, null));
            shapes.add(shape(attention + "value", width, width, null));
            shapes.add(shape(attention + "output", width, width, null));
            shapes.add(shape(feedForward + "up", width, hidden(), activation));
            shapes.add(shape(feedForward + "down", hidden(), width, null));
        }
        shapes.add(new LayerShape(CLASSIFIER, width, classes, null));
        return shapes;
    }

    private LayerShape shape(String name, int from, int to, @Nullable ActivationFunction function) {
        return new LayerShape(name, from, to, function, tokens);
    }

    @Override
    public int inputs() {
        return tokens * features;
    }

    /** Query, key and value of a layer read the same. */
    @Override
    public String inputOf(String layer) {
        return layer.replaceFirst("\\.attention\\.(query|key|value)$", ".attention.input");
    }
}
