package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.List;

/**
 * What each layer may choose from, for its weights and for its input activations separately.
 *
 * @param weights     candidates for the weights, at least one, no duplicates
 * @param activations candidates for the activations, at least one, no duplicates
 */
public record SearchSpace(List<Candidate> weights, List<Candidate> activations) {
    /** Copies the lists. */
    public SearchSpace {
        weights = List.copyOf(weights);
        activations = List.copyOf(activations);
    }

    /** The space with a single choice: every layer is quantized alike. */
    public static SearchSpace uniform(Candidate weights, Candidate activations) {
        return new SearchSpace(List.of(weights), List.of(activations));
    }
}
