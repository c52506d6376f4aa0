package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;

/**
 * What a network costs: a sum over its layers of what each costs with its pair of candidates (weights, activations), and a
 * constant.
 */
public sealed interface CostModel permits BitOperations, WeightBytes, ActivationBytes, Energy, Latency {
    /** Multiply-accumulates times weight bits times activation bits. */
    CostModel BIT_OPERATIONS = new BitOperations();
    /** Bytes on disk, with the quantizers' default options. */
    CostModel WEIGHT_BYTES = new WeightBytes(QuantizerSettings.DEFAULT);

    /** Cost of a linear layer with these candidates, for one inference, in {@link #unit()}. */
    double cost(LayerShape layer, Candidate weights, Candidate activations);

    /** What a network costs beside its layers. */
    default double overhead() {
        return 0;
    }

    /** Cost of a layer in float32. */
    default double reference(LayerShape layer) {
        return cost(layer, Candidate.FLOAT32, Candidate.FLOAT32);
    }

    /** The name used in configurations. */
    String label();

    /** The unit of a cost, in the plural, for a person. */
    String unit();
}
