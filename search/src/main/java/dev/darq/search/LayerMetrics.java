package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer after an epoch of the search.
 *
 * @param layer       name of the layer
 * @param weights     the mixture of its weights
 * @param activations the mixture of its input activations
 * @param costs       expected cost of the layer for each budget, a fraction of the whole float32 network's
 */
public record LayerMetrics(String layer, Mixture weights, Mixture activations, List<Double> costs) {
    /** Copies the list. */
    public LayerMetrics {
        costs = List.copyOf(costs);
    }

    /**
     * A mixture of candidates.
     *
     * @param shares one entry a candidate, in the order of the space
     */
    public record Mixture(List<Share> shares) {
        /** Copies the list. */
        public Mixture {
            shares = List.copyOf(shares);
        }

        /** Mean of the bits under the probabilities. */
        public double expectedBits() {
            return shares.stream().mapToDouble(share -> share.probability * share.candidate.bits()).sum();
        }

        /** Mean of the relative squared errors under the probabilities. */
        public double expectedError() {
            return shares.stream().mapToDouble(share -> share.probability * share.error).sum();
        }

        static Mixture of(MixedTensor tensor) {
            double[] p = tensor.probabilities();
            List<Share> shares = new ArrayList<>();
            for (int j = 0; j < p.length; j++) {
                shares.add(new Share(tensor.candidates().get(j).candidate(), tensor.alpha().value()[j], p[j],
                        tensor.errors()[j]));
            }
            return new Mixture(shares);
        }
    }

    /**
     * One candidate of a mixture.
     *
     * @param candidate   the candidate
     * @param alpha       its architecture parameter
     * @param probability its probability; negligible ones are 0
     * @param error       its relative squared error when it was last part of the mixture in an outer step
     */
    public record Share(Candidate candidate, double alpha, double probability, double error) {}

    static List<LayerMetrics> of(Network network, List<NetworkCost> costs) {
        List<LayerMetrics> metrics = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            MixedLinear layer = network.layers().get(l);
            int index = l;
            metrics.add(new LayerMetrics(layer.name(), Mixture.of(layer.weights()),
                    Mixture.of(layer.activations()), costs.stream().map(cost -> cost.expected(index)).toList()));
        }
        return metrics;
    }
}
