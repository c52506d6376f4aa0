package dev.darq.search;

import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a network that was frozen in float32 back into one that can be trained. */
public final class FloatNetwork {
    private FloatNetwork() {}

    /**
     * Reads a multi-layer perceptron.
     *
     * @param model linear layers in float32 with the same activation function between each two of them
     * @throws IllegalArgumentException when the model is anything else; the message names the operation
     */
    public static Network read(PackedModel model) {
        List<Linear> linears = linears(model);
        Network network = Network.create(spec(model), SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                QuantizerSettings.DEFAULT, 0);
        for (int i = 0; i < linears.size(); i++) {
            copy(linears.get(i).weights().decode(), network.layers().get(i).weight().value());
            copy(linears.get(i).bias(), network.layers().get(i).bias().value());
        }
        return network;
    }

    /**
     * What {@link #read} builds the network from.
     *
     * @throws IllegalArgumentException as there
     */
    public static MlpSpec spec(PackedModel model) {
        List<Integer> sizes = new ArrayList<>(List.of(model.inputs()));
        linears(model).forEach(linear -> sizes.add(linear.weights().rows()));
        Set<ActivationFunction> functions = new LinkedHashSet<>();
        for (Operation operation : model.operations()) {
            if (operation instanceof Activation activation) {
                functions.add(activation.function());
            }
        }
        if (functions.size() > 1) {
            throw new IllegalArgumentException("expected the same activation function everywhere, got " + functions);
        }
        return new MlpSpec(sizes, functions.isEmpty() ? ActivationFunction.TANH : functions.iterator().next());
    }

    /** The linear layers of a model that has nothing but those and a function between each two. */
    private static List<Linear> linears(PackedModel model) {
        List<Linear> linears = new ArrayList<>();
        for (int i = 0; i < model.operations().size(); i++) {
            Operation operation = model.operations().get(i);
            boolean last = i + 1 == model.operations().size();
            if (i % 2 == 0 && operation instanceof Linear linear && isFloat(linear)) {
                linears.add(linear);
            } else if (i % 2 == 0 || last || !(operation instanceof Activation)) {
                throw new IllegalArgumentException("expected linear layers in float32 with activation functions between"
                        + " them, got '" + operation.name() + "' as operation " + (i + 1));
            }
        }
        return linears;
    }

    private static boolean isFloat(Linear linear) {
        return linear.weights() instanceof FloatWeights weights && weights.bits() == 32
                && linear.input() instanceof FloatActivation input && input.bits() == 32;
    }

    private static void copy(float[] from, float[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }
}
