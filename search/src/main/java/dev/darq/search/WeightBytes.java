package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Granularity;
import dev.darq.quantizers.QuantizerSettings;

/**
 * Bytes that a layer takes in the {@code .darq} file: its codes, what scales them, and its bias. Codes of up to 8 bits are
 * bit planes, whole bytes a row, with a basis of as many float32 as bits and a float32 offset a row; of 16 bits integers with
 * a float32 scale a row. Where weights are quantized in groups of inputs, each group is a row. The file has a header of one or
 * two kilobytes besides.
 *
 * @param settings the quantizers' options: granularity and group size decide how many rows there are
 */
public record WeightBytes(QuantizerSettings settings) implements CostModel {
    @Override
    public double cost(LayerShape layer, Candidate weights, Candidate activations) {
        return codes(layer, weights) + Float.BYTES * (double) layer.outputs();
    }

    private double codes(LayerShape layer, Candidate weights) {
        if (weights.isFloat()) {
            return (double) layer.weights() * weights.bits() / Byte.SIZE;
        }
        boolean grouped = settings.granularity() == Granularity.GROUP;
        long columns = grouped ? settings.groupSize() : layer.inputs();
        long rows = layer.outputs() * (grouped ? Math.ceilDiv((long) layer.inputs(), columns) : 1);
        int bits = weights.bits();
        return weights.isCoded()
                ? (double) rows * bits * Math.ceilDiv(columns, Byte.SIZE) + Float.BYTES * (double) rows * (bits + 1)
                : (double) rows * columns * bits / Byte.SIZE + Float.BYTES * (double) rows;
    }

    @Override
    public String label() {
        return "weight-bytes";
    }

    @Override
    public String unit() {
        return "bytes";
    }
}
