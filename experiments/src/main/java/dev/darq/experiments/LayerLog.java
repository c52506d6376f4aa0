package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.search.Budget;
import dev.darq.search.LayerMetrics;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code layers.csv}: for every epoch of the search one row for each candidate of each tensor. What belongs to the tensor
 * (expected bits and error) or to the layer (expected cost) is repeated in each of its rows.
 */
final class LayerLog {
    private final Table table = new Table().number("epoch").text("layer").text("tensor").text("candidate")
            .number("alpha").number("probability").number("error").number("expected bits").number("expected error");

    LayerLog(List<Budget> budgets) {
        budgets.forEach(budget -> table.number("layer " + budget.model().label()));
    }

    void add(LayerMetrics layer) {
        add(layer, "weights", layer.weights());
        add(layer, "activations", layer.activations());
    }

    private void add(LayerMetrics layer, String tensor, LayerMetrics.Mixture mixture) {
        for (LayerMetrics.Share share : mixture.shares()) {
            List<Cell> cells = new ArrayList<>(List.of(Cell.count(layer.epoch()), Cell.of(layer.layer()),
                    Cell.of(tensor), Cell.of(share.candidate().toString()), Cell.number(share.alpha(), 4),
                    Cell.number(share.probability(), 4), Cell.number(share.error(), 6),
                    Cell.number(mixture.expectedBits(), 2), Cell.number(mixture.expectedError(), 6)));
            layer.costs().forEach(cost -> cells.add(Cell.number(cost, 6)));
            table.row(cells.toArray(Cell[]::new));
        }
    }

    Table table() {
        return table;
    }
}
