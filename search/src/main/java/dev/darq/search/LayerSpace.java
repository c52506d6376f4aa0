package dev.darq.search;

/**
 * What one layer may choose from, and with which others it chooses.
 *
 * @param space          its candidates
 * @param weightsTie     layers with the same name here choose one candidate for the weights together
 * @param activationsTie layers with the same name here choose one candidate for the activations together
 */
public record LayerSpace(SearchSpace space, String weightsTie, String activationsTie) {
    /** A layer that chooses by itself. */
    public static LayerSpace of(String layer, SearchSpace space) {
        return new LayerSpace(space, layer + ".weights", layer + ".activations");
    }
}
