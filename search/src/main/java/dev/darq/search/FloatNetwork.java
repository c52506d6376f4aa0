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
    public static Mlp read(PackedModel model) {
        List<Linear> linears = new ArrayList<>();
        Set<ActivationFunction> functions = new LinkedHashSet<>();
        for (int i = 0; i < model.operations().size(); i++) {
            Operation operation = model.operations().get(i);
            if (i % 2 == 0 && operation instanceof Linear linear && isFloat(linear)) {
                linears.add(linear);
            } else if (i % 2 == 1 && operation instanceof Activation activation
                    && i + 1 < model.operations().size()) {
                functions.add(activation.function());
            } else {
                throw new IllegalArgumentException("expected linear layers in float32 with activation functions between"
                        + " them, got '" + operation.name() + "' as operation " + (i + 1));
            }
        }
        if (functions.size() > 1) {
            throw new IllegalArgumentException("expected the same activation function everywhere, got " + functions);
        }
        List<Integer> sizes = new ArrayList<>(List.of(model.inputs()));
        linears.forEach(linear -> sizes.add(linear.weights().rows()));
        NetworkSpec spec = new NetworkSpec(sizes,
                functions.isEmpty() ? ActivationFunction.TANH : functions.iterator().next());
        Mlp network = Mlp.create(spec, SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                QuantizerSettings.DEFAULT, 0);
        for (int i = 0; i < linears.size(); i++) {
            copy(linears.get(i).weights().decode(), network.layers().get(i).weight().value());
            copy(linears.get(i).bias(), network.layers().get(i).bias().value());
        }
        return network;
    }

    private static boolean isFloat(Linear linear) {
        return linear.weights() instanceof FloatWeights weights && weights.bits() == 32
                && linear.input() instanceof FloatActivation input && input.bits() == 32;
    }

    private static void copy(float[] from, float[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }
}
