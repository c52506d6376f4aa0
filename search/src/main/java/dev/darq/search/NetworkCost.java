package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * The cost of a network as a fraction of the same network in float32:
 * {@code sum over layers and pairs of pw_i pa_j cost(layer, i, j)}, divided by the float32 sum. A sum over pairs, since a
 * cost need not be a product (formulas.md, "The search").
 */
final class NetworkCost {
    private final CostModel model;
    private final Mlp network;
    private final double reference;

    NetworkCost(CostModel model, Mlp network) {
        this.model = model;
        this.network = network;
        reference = network.layers().stream().mapToDouble(l -> model.reference(l.inputs(), l.outputs())).sum();
    }

    /** Cost of the network in float32, in units of the model. */
    double reference() {
        return reference;
    }

    /** Cost of a layer with these candidates, a fraction of the whole float32 network's. */
    double pair(MixedLinear layer, int weightChoice, int activationChoice) {
        return pair(layer, candidate(layer.weights(), weightChoice), candidate(layer.activations(), activationChoice));
    }

    private double pair(MixedLinear layer, Candidate weights, Candidate activations) {
        return model.cost(layer.inputs(), layer.outputs(), weights, activations) / reference;
    }

    private static Candidate candidate(MixedTensor tensor, int choice) {
        return tensor.candidates().get(choice).candidate();
    }

    /** The expected cost under the present probabilities. */
    double expected() {
        return network.layers().stream().mapToDouble(this::expected).sum();
    }

    /** The expected cost of one layer, a fraction of the whole float32 network's. */
    double expected(MixedLinear layer) {
        double total = 0;
        double[] pw = layer.weights().probabilities();
        double[] pa = layer.activations().probabilities();
        for (int i = 0; i < pw.length; i++) {
            for (int j = 0; j < pa.length; j++) {
                total += pw[i] * pa[j] * pair(layer, i, j);
            }
        }
        return total;
    }

    /** Adds {@code lambda * d expected / dp} to the gradients by the probabilities. */
    void backward(double lambda) {
        for (MixedLinear layer : network.layers()) {
            double[] pw = layer.weights().probabilities();
            double[] pa = layer.activations().probabilities();
            for (int i = 0; i < pw.length; i++) {
                for (int j = 0; j < pa.length; j++) {
                    double pair = lambda * pair(layer, i, j);
                    layer.weights().probabilityGradient()[i] += pa[j] * pair;
                    layer.activations().probabilityGradient()[j] += pw[i] * pair;
                }
            }
        }
    }
}
