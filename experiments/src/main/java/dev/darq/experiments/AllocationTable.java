package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.Allocation;
import dev.darq.search.CostModel;
import dev.darq.search.WeightBytes;

/** The allocation as a table: one row a layer, a sum, and the sum as a share of float32. */
final class AllocationTable {
    private AllocationTable() {}

    static Table of(Allocation allocation, QuantizerSettings quantizers) {
        CostModel weightBytes = new WeightBytes(quantizers);
        Table table = new Table().text("layer").text("shape").text("weights").number("p", "weights p")
                .text("activations").number("p", "activations p").number("bit operations").number("bytes");
        for (Allocation.Layer layer : allocation.layers()) {
            table.row(Cell.of(layer.name()), Cell.of(layer.inputs() + "x" + layer.outputs()),
                    Cell.of(name(layer.weights(), layer.weightVariant())), Cell.number(layer.weightProbability(), 3),
                    Cell.of(name(layer.activations(), layer.activationVariant())),
                    Cell.number(layer.activationProbability(), 3),
                    Cell.count(Math.round(layer.cost(CostModel.BIT_OPERATIONS))),
                    Cell.count(Math.round(layer.cost(weightBytes))));
        }
        double operations = allocation.cost(CostModel.BIT_OPERATIONS);
        double bytes = allocation.cost(weightBytes);
        Cell none = new Cell("", null);
        table.row(Cell.of("total"), none, none, none, none, none, Cell.count(Math.round(operations)),
                Cell.count(Math.round(bytes)));
        return table.row(Cell.of("of float32"), none, none, none, none, none,
                Cell.percent(operations / allocation.reference(CostModel.BIT_OPERATIONS), 2),
                Cell.percent(bytes / allocation.reference(weightBytes), 2));
    }

    private static String name(Candidate candidate, String variant) {
        return variant.isEmpty() ? candidate.toString() : candidate + " (" + variant + ")";
    }
}
