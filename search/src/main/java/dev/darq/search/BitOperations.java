package dev.darq.search;

import dev.darq.quantizers.Candidate;

/** Multiply-accumulates times weight bits times activation bits, for one inference. */
public record BitOperations() implements CostModel {
    @Override
    public double cost(LayerShape layer, Candidate weights, Candidate activations) {
        return (double) layer.multiplyAccumulates() * weights.bits() * activations.bits();
    }

    @Override
    public String label() {
        return "bit-operations";
    }

    @Override
    public String unit() {
        return "bit operations";
    }
}
