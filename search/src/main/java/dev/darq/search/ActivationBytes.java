package dev.darq.search;

import dev.darq.quantizers.Candidate;

/** Bytes of the quantized inputs of all layers, for one inference: inputs times activation bits over 8. */
public record ActivationBytes() implements CostModel {
    @Override
    public double cost(LayerShape layer, Candidate weights, Candidate activations) {
        return (double) layer.inputValues() * activations.bits() / Byte.SIZE;
    }

    @Override
    public String label() {
        return "activation-bytes";
    }

    @Override
    public String unit() {
        return "bytes";
    }
}
