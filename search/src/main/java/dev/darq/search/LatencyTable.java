package dev.darq.search;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the layers of packed models take on one machine.
 *
 * @param overhead microseconds that a model takes beside its layers
 * @param layers   microseconds of each layer, its activation function included
 */
public record LatencyTable(double overhead, Map<Entry, Double> layers) {
    /** Copies the map. */
    public LatencyTable {
        layers = Map.copyOf(layers);
    }

    /**
     * What a measurement is of.
     *
     * @param inputs      the layer's input size
     * @param outputs     the layer's output size
     * @param function    the function behind it, or null
     * @param weights     candidate of its weights
     * @param activations candidate of its inputs
     */
    public record Entry(int inputs, int outputs, @Nullable ActivationFunction function, Candidate weights,
            Candidate activations) {
        /** A layer with a pair of candidates. */
        public static Entry of(LayerShape layer, Candidate weights, Candidate activations) {
            return new Entry(layer.inputs(), layer.outputs(), layer.function(), weights, activations);
        }

        @Override
        public String toString() {
            return inputs + "x" + outputs + (function == null ? "" : " with " + name(function)) + ", weights " + weights
                    + ", activations " + activations;
        }

        private static String name(ActivationFunction function) {
            return function.name().toLowerCase(Locale.ROOT);
        }
    }

    /** Everything that a search may ask for: each layer with every pair of its candidates, and in float32. */
    public static Set<Entry> needed(List<LayerShape> shapes, List<LayerSpace> spaces) {
        Set<Entry> needed = new LinkedHashSet<>();
        for (int l = 0; l < shapes.size(); l++) {
            for (Candidate weights : spaces.get(l).space().weights()) {
                for (Candidate activations : spaces.get(l).space().activations()) {
                    needed.add(Entry.of(shapes.get(l), weights, activations));
                }
            }
            needed.add(Entry.of(shapes.get(l), Candidate.FLOAT32, Candidate.FLOAT32));
        }
        return needed;
    }

    /** Whether something was measured. */
    public boolean has(Entry entry) {
        return layers.containsKey(entry);
    }

    /**
     * What was measured.
     *
     * @throws IllegalArgumentException if it was not
     */
    public double microseconds(Entry entry) {
        Double time = layers.get(entry);
        if (time == null) {
            throw new IllegalArgumentException("the latency table lacks " + entry);
        }
        return time;
    }
}
