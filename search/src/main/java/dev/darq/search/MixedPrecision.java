package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A mixed-precision scheme: which quantizers each layer of a network has. Written as {@code lq2/pact4,lq1/lq1}: weights
 * and input activations of the first layer, then of the second.
 *
 * @param layers one entry a layer, in the order of the network
 */
public record MixedPrecision(List<LayerCandidates> layers) {
    /** Copies the list. */
    public MixedPrecision {
        layers = List.copyOf(layers);
    }

    /** The same candidates for every one of so many layers. */
    public static MixedPrecision uniform(LayerCandidates candidates, int layers) {
        return new MixedPrecision(Collections.nCopies(layers, candidates));
    }

    /** What a search found. */
    public static MixedPrecision of(Allocation allocation) {
        return new MixedPrecision(allocation.layers().stream()
                .map(layer -> new LayerCandidates(layer.weights(), layer.activations())).toList());
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static MixedPrecision parse(String text) {
        return new MixedPrecision(Arrays.stream(text.split(",", -1)).map(MixedPrecision::layer).toList());
    }

    private static LayerCandidates layer(String text) {
        String[] pair = text.split("/", -1);
        if (pair.length != 2) {
            throw new IllegalArgumentException("expected weights/activations such as lq2/pact4, got '" + text + "'");
        }
        return new LayerCandidates(Candidate.parse(pair[0]), Candidate.parse(pair[1]));
    }

    /** Cost of a network with this scheme, in units of the model. */
    public double cost(CostModel model, NetworkSpec network) {
        double total = model.overhead();
        for (int l = 0; l < layers.size(); l++) {
            total += model.cost(network.shapes().get(l), layers.get(l).weights(), layers.get(l).activations());
        }
        return total;
    }

    /** Cost of a network with this scheme as a fraction of the same network in float32. */
    public double fraction(CostModel model, NetworkSpec network) {
        return cost(model, network) / SchemeProblem.reference(model, network.shapes());
    }

    /** The spaces that have this scheme alone. */
    List<LayerSpace> spaces(List<LayerShape> shapes) {
        List<LayerSpace> spaces = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            spaces.add(LayerSpace.of(shapes.get(l).name(),
                    SearchSpace.uniform(layers.get(l).weights(), layers.get(l).activations())));
        }
        return spaces;
    }

    @Override
    public String toString() {
        return layers.stream().map(layer -> layer.weights() + "/" + layer.activations())
                .collect(Collectors.joining(","));
    }
}
