package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.Arrays;

/** What a layer costs, for a pair of candidates (weights, activations). */
public enum CostModel {
    /** Multiply-accumulates times weight bits times activation bits, for one inference. */
    BIT_OPERATIONS("bit-operations") {
        @Override
        public double cost(int inputs, int outputs, Candidate weights, Candidate activations) {
            return (double) inputs * outputs * weights.bits() * activations.bits();
        }
    },
    /** Bytes of the layer's weights, without scales and biases. */
    WEIGHT_BYTES("weight-bytes") {
        @Override
        public double cost(int inputs, int outputs, Candidate weights, Candidate activations) {
            return (double) inputs * outputs * weights.bits() / 8;
        }
    };

    private final String label;

    CostModel(String label) {
        this.label = label;
    }

    /**
     * Cost of a linear layer.
     *
     * @param inputs      the layer's input size
     * @param outputs     the layer's output size
     * @param weights     candidate of the weights
     * @param activations candidate of the input activations
     */
    public abstract double cost(int inputs, int outputs, Candidate weights, Candidate activations);

    /** Cost of the same layer in float32. */
    public double reference(int inputs, int outputs) {
        return cost(inputs, outputs, Candidate.FLOAT32, Candidate.FLOAT32);
    }

    /** The name used in configurations. */
    public String label() {
        return label;
    }

    /** Finds a cost model by its configuration name, or throws {@link IllegalArgumentException} naming them all. */
    public static CostModel parse(String label) {
        return Arrays.stream(values()).filter(model -> model.label.equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown cost model '" + label + "', expected one of "
                        + Arrays.stream(values()).map(CostModel::label).toList()));
    }
}
