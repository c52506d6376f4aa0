package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.List;

/**
 * The result of a search: which quantizer and how many bits each layer has.
 *
 * @param layers   one row a layer, in the order of the network
 * @param outcomes where it stands against each budget that has a target
 */
public record Allocation(List<Layer> layers, List<BudgetOutcome> outcomes) {
    /** Copies the lists. */
    public Allocation {
        layers = List.copyOf(layers);
        outcomes = List.copyOf(outcomes);
    }

    /**
     * The choice for one layer.
     *
     * @param shape                 the layer
     * @param weights               candidate of its weights
     * @param weightVariant         what calibration decided (signed, unsigned, offset), or empty
     * @param weightProbability     probability of that candidate at the end of the search
     * @param activations           candidate of its input activations
     * @param activationVariant     what calibration decided, or empty
     * @param activationProbability probability of that candidate at the end of the search
     */
    public record Layer(LayerShape shape, Candidate weights, String weightVariant,
            double weightProbability, Candidate activations, String activationVariant, double activationProbability) {
        /** The layer's name. */
        public String name() {
            return shape.name();
        }

        /** Its input size. */
        public int inputs() {
            return shape.inputs();
        }

        /** Its output size. */
        public int outputs() {
            return shape.outputs();
        }

        /** Cost of this layer under a model. */
        public double cost(CostModel model) {
            return model.cost(shape, weights, activations);
        }
    }

    /** Cost of the network under a model. */
    public double cost(CostModel model) {
        return model.overhead() + layers.stream().mapToDouble(layer -> layer.cost(model)).sum();
    }

    /** Cost of the same network in float32. */
    public double reference(CostModel model) {
        return SchemeProblem.reference(model, layers.stream().map(Layer::shape).toList());
    }
}
