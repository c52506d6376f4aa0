package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * The quantizers of one linear layer.
 *
 * @param weights     candidate of its weights
 * @param activations candidate of its input activations
 */
public record LayerCandidates(Candidate weights, Candidate activations) {
    /** A layer that is not quantized. */
    public static final LayerCandidates FLOAT32 = new LayerCandidates(Candidate.FLOAT32, Candidate.FLOAT32);
}
