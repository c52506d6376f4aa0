package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * The cost of a network as a fraction of the same network in float32:
 * {@code sum over layers and pairs of pw_i pa_j cost(layer, i, j)}, divided by the float32 sum. A sum over pairs, since a
 * cost need not be a product (formulas.md, "The search").
 */
final class NetworkCost {
    private final CostModel model;
    private final Network network;
    private final double reference;

    NetworkCost(CostModel model, Network network) {
        this.model = model;
        this.network = network;
        reference = SchemeProblem.reference(model, network.shapes());
    }

    /** Cost of the network in float32, in units of the model. */
    double reference() {
        return reference;
    }

    /** Cost of a layer with these candidates, a fraction of the whole float32 network's. */
    double pair(int layer, int weightChoice, int activationChoice) {
        MixedLinear mixed = network.layers().get(layer);
        return model.cost(network.shapes().get(layer), candidate(mixed.weights(), weightChoice),
                candidate(mixed.activations(), activationChoice)) / reference;
    }

    private static Candidate candidate(MixedTensor tensor, int choice) {
        return tensor.candidates().get(choice).candidate();
    }

    /** The expected cost under the present probabilities. */
    double expected() {
        double total = overhead();
        for (int l = 0; l < network.layers().size(); l++) {
            total += expected(l);
        }
        return total;
    }

    /** What the network costs beside its layers, a fraction of the float32 network's cost. */
    double overhead() {
        return model.overhead() / reference;
    }

    /** The expected cost of one layer, a fraction of the whole float32 network's. */
    double expected(int layer) {
        double total = 0;
        double[] pw = network.layers().get(layer).weights().probabilities();
        double[] pa = network.layers().get(layer).activations().probabilities();
        for (int i = 0; i < pw.length; i++) {
            for (int j = 0; j < pa.length; j++) {
                total += pw[i] * pa[j] * pair(layer, i, j);
            }
        }
        return total;
    }

    /** Adds {@code lambda * d expected / dp} to the gradients by the probabilities. */
    void backward(double lambda) {
        for (int l = 0; l < network.layers().size(); l++) {
            MixedLinear layer = network.layers().get(l);
            double[] pw = layer.weights().probabilities();
            double[] pa = layer.activations().probabilities();
            for (int i = 0; i < pw.length; i++) {
                for (int j = 0; j < pa.length; j++) {
                    double pair = lambda * pair(l, i, j);
                    layer.weights().probabilityGradient()[i] += pa[j] * pair;
                    layer.activations().probabilityGradient()[j] += pw[i] * pair;
                }
            }
        }
    }
}
