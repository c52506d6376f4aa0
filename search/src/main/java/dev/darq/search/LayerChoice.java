package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * How one linear layer is quantized.
 *
 * @param weights     candidate of its weights
 * @param activations candidate of its input activations
 */
public record LayerChoice(Candidate weights, Candidate activations) {}
