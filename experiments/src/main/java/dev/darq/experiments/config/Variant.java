package dev.darq.experiments.config;

import dev.darq.search.LayerCandidates;
import dev.darq.search.QuantizedTrainingSettings;
import java.util.List;

/**
 * One row of a fine-tuning experiment: a network with fixed candidates.
 *
 * @param name     names the row and the folder of its files
 * @param layers   candidates of each layer, in the order of the network
 * @param finetune how it is trained
 */
public record Variant(String name, List<LayerCandidates> layers, QuantizedTrainingSettings finetune) {
    /** Copies the list. */
    public Variant {
        layers = List.copyOf(layers);
    }
}
