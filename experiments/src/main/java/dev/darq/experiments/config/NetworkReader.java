package dev.darq.experiments.config;

import dev.darq.kernels.ActivationFunction;
import dev.darq.search.MlpSpec;
import dev.darq.search.NetworkSpec;
import dev.darq.search.TransformerSpec;
import java.util.List;
import java.util.Map;

/** What {@code network} may say. */
final class NetworkReader {
    private static final int MOST_LAYERS = 64;
    private static final long MOST_WEIGHTS = 1L << 28;
    private static final int LARGEST_WIDTH = 4096;
    private static final int LONGEST_SEQUENCE = 4096;
    private static final Map<String, ActivationFunction> FUNCTIONS = Value.named(ActivationFunction.values(),
            ConfigReader::lowerCase);

    private enum Type {
        MLP, TRANSFORMER
    }

    private NetworkReader() {}

    static NetworkSpec network(Value network) {
        return switch (type(network)) {
            case MLP -> mlp(mlpSection(network, "type", "layers", "activation"));
            case TRANSFORMER -> transformer(network.section("type", "tokens", "features", "width", "depth", "heads",
                    "activation", "classes"));
        };
    }

    private static Type type(Value network) {
        return network.get("type").or(Type.MLP,
                v -> v.oneOf("network type", Value.named(Type.values(), ConfigReader::lowerCase)));
    }

    /** The section of a network that can be packed, which has no keys but these. */
    static Value mlpSection(Value network, String... keys) {
        if (type(network) != Type.MLP) {
            throw network.get("type")
                    .error("must be mlp: the packed runtime, which this command needs, has no attention");
        }
        return network.section(keys);
    }

    /** What {@link #mlpSection} gave. */
    static MlpSpec mlp(Value network) {
        Value layers = network.get("layers");
        List<Integer> sizes = layers.list(size -> size.whole(1, ConfigReader.LARGEST_LAYER));
        if (sizes.size() < 2 || sizes.size() > MOST_LAYERS) {
            throw layers.error("must have 2 to " + MOST_LAYERS + " sizes, from the input's to the output's, got "
                    + sizes.size());
        }
        for (int i = 1; i < sizes.size(); i++) {
            if ((long) sizes.get(i - 1) * sizes.get(i) > MOST_WEIGHTS) {
                throw layers.error("a layer of " + sizes.get(i - 1) + " x " + sizes.get(i)
                        + " weights is too large, at most " + MOST_WEIGHTS + " are possible");
            }
        }
        return new MlpSpec(sizes, function(network, ActivationFunction.TANH));
    }

    /** A sequence of 28 rows of 28 pixels, and 10 classes, unless something else is said. */
    private static TransformerSpec transformer(Value network) {
        int width = network.get("width").required().whole(1, LARGEST_WIDTH);
        int heads = network.get("heads").or(1, v -> v.whole(1, width));
        if (width % heads != 0) {
            throw network.get("heads").error("must divide the width, " + width + ", got " + heads);
        }
        return new TransformerSpec(network.get("tokens").or(28, v -> v.whole(1, LONGEST_SEQUENCE)),
                network.get("features").or(28, v -> v.whole(1, ConfigReader.LARGEST_LAYER)), width,
                network.get("depth").required().whole(1, MOST_LAYERS), heads,
                function(network, ActivationFunction.GELU),
                network.get("classes").or(10, v -> v.whole(1, ConfigReader.LARGEST_LAYER)));
    }

    private static ActivationFunction function(Value network, ActivationFunction standard) {
        return network.get("activation").or(standard, v -> v.oneOf("activation function", FUNCTIONS));
    }
}
