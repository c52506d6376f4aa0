package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * Microseconds of one inference on the kernels of the machine that a table was measured on, on one thread.
 *
 * @param file  where the table was read, as the configuration names it
 * @param table what was measured there
 */
public record Latency(String file, LatencyTable table) implements CostModel {
    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the table lacks the pair
     */
    @Override
    public double cost(LayerShape layer, Candidate weights, Candidate activations) {
        return layer.positions() * table.microseconds(LatencyTable.Entry.of(layer, weights, activations));
    }

    @Override
    public double overhead() {
        return table.overhead();
    }

    @Override
    public String label() {
        return "latency";
    }

    @Override
    public String unit() {
        return "us";
    }
}
