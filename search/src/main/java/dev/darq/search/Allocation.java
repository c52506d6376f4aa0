package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.List;

/**
 * The result of a search: which quantizer and how many bits each layer has.
 *
 * @param layers one row a layer, in the order of the network
 */
public record Allocation(List<Layer> layers) {
    /** Copies the list. */
    public Allocation {
        layers = List.copyOf(layers);
    }

    /**
     * The choice for one layer.
     *
     * @param name                  the layer
     * @param inputs                its input size
     * @param outputs               its output size
     * @param weights               candidate of its weights
     * @param weightVariant         what calibration decided (signed, unsigned, offset), or empty
     * @param weightProbability     probability of that candidate at the end of the search
     * @param activations           candidate of its input activations
     * @param activationVariant     what calibration decided, or empty
     * @param activationProbability probability of that candidate at the end of the search
     */
    public record Layer(String name, int inputs, int outputs, Candidate weights, String weightVariant,
            double weightProbability, Candidate activations, String activationVariant, double activationProbability) {
        /** Cost of this layer under a model. */
        public double cost(CostModel model) {
            return model.cost(inputs, outputs, weights, activations);
        }
    }

    /** Cost of the network under a model. */
    public double cost(CostModel model) {
        return layers.stream().mapToDouble(layer -> layer.cost(model)).sum();
    }

    /** Cost of the same network in float32. */
    public double reference(CostModel model) {
        return layers.stream().mapToDouble(layer -> model.reference(layer.inputs(), layer.outputs())).sum();
    }
}
