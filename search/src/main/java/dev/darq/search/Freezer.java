package dev.darq.search;

import dev.darq.kernels.Activation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Quantizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Freezes a network whose layers have one candidate each to a packed model. */
public final class Freezer {
    private Freezer() {}

    /** Whether the packed runtime has all operations of a network; it lacks attention and normalisation. */
    public static boolean isPossible(NetworkSpec network) {
        return network instanceof MlpSpec;
    }

    /**
     * Freezes a network.
     *
     * @param network  a discrete network; of a searched one the most probable candidates are frozen
     * @param metadata what the file shall say about where it comes from
     * @throws IllegalArgumentException when the network has operations that packed models lack, see {@link #isPossible}
     */
    public static PackedModel freeze(Network network, Map<String, String> metadata) {
        if (!(network instanceof Mlp mlp)) {
            throw new IllegalArgumentException("only multi-layer perceptrons can be packed, not " + network.spec());
        }
        List<Operation> operations = new ArrayList<>();
        List<MixedLinear> layers = network.layers();
        for (int i = 0; i < layers.size(); i++) {
            MixedLinear layer = layers.get(i);
            if (i > 0) {
                operations.add(new Activation("activation" + i, mlp.function()));
            }
            operations.add(new Linear(layer.name(),
                    chosen(layer.weights()).freezeWeights(layer.weight().value(), layer.outputs(), layer.inputs()),
                    chosen(layer.activations()).freezeActivations(), layer.bias().value().clone()));
        }
        return new PackedModel(operations, metadata);
    }

    private static Quantizer chosen(MixedTensor tensor) {
        return tensor.candidates().get(tensor.mostProbable());
    }
}
