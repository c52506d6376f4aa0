package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.search.Budget;
import dev.darq.search.EpochMetrics;
import dev.darq.search.LayerMetrics;
import java.util.ArrayList;
import java.util.List;

/**
 * The epochs of a search: {@code metrics.csv} has a row for each epoch, where columns of single layers begin with the
 * layer's name; {@code layers.csv} has the same, and the error of each candidate, with a row for each epoch, tensor and
 * candidate.
 *
 * @param budgets the costs of the search
 * @param epochs  what is known so far
 */
record MetricsTables(List<Budget> budgets, List<EpochMetrics> epochs) {
    Table metrics() {
        Table table = new Table().number("epoch").number("temperature").number("training loss")
                .number("validation loss")
                .number("soft accuracy").number("hard accuracy").number("gap").number("entropy").number("error")
                .number("lambda error");
        for (Budget budget : budgets) {
            table.number(budget.model().label()).number("lambda " + budget.model().label());
        }
        table.number("curvature");
        epochs.getFirst().layers().forEach(layer -> columns(table, layer));
        epochs.forEach(epoch -> table.row(row(epoch).toArray(Cell[]::new)));
        return table;
    }

    private void columns(Table table, LayerMetrics layer) {
        String name = layer.layer() + " ";
        budgets.forEach(budget -> table.number(name + budget.model().label()));
        columns(table, name + "weights ", layer.weights());
        columns(table, name + "activations ", layer.activations());
    }

    private static void columns(Table table, String name, LayerMetrics.Mixture mixture) {
        table.number(name + "expected bits").number(name + "error");
        mixture.shares().forEach(share -> table.number(name + "alpha " + share.candidate()));
    }

    private static List<Cell> row(EpochMetrics epoch) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.count(epoch.epoch()), Cell.number(epoch.temperature(), 4),
                Cell.number(epoch.trainingLoss(), 4), Cell.number(epoch.validationLoss(), 4),
                Cell.percent(epoch.softAccuracy(), 2), Cell.percent(epoch.hardAccuracy(), 2),
                Cell.percent(epoch.softAccuracy() - epoch.hardAccuracy(), 2), Cell.number(epoch.entropy(), 4),
                Cell.number(epoch.error(), 4), Cell.number(epoch.errorLambda(), 4)));
        for (int k = 0; k < epoch.costs().size(); k++) {
            cells.add(Cell.number(epoch.costs().get(k), 6));
            cells.add(Cell.number(epoch.lambdas().get(k), 4));
        }
        Double curvature = epoch.curvature();
        cells.add(curvature == null ? Cell.NONE : Cell.number(curvature, 6));
        for (LayerMetrics layer : epoch.layers()) {
            layer.costs().forEach(cost -> cells.add(Cell.number(cost, 6)));
            cells(cells, layer.weights());
            cells(cells, layer.activations());
        }
        return cells;
    }

    private static void cells(List<Cell> cells, LayerMetrics.Mixture mixture) {
        cells.add(Cell.number(mixture.expectedBits(), 2));
        cells.add(Cell.number(mixture.expectedError(), 6));
        mixture.shares().forEach(share -> cells.add(Cell.number(share.alpha(), 4)));
    }

    Table layers() {
        Table table = new Table().number("epoch").text("layer").text("tensor").text("candidate").number("alpha")
                .number("probability").number("error").number("expected bits").number("expected error");
        budgets.forEach(budget -> table.number("layer " + budget.model().label()));
        for (EpochMetrics epoch : epochs) {
            for (LayerMetrics layer : epoch.layers()) {
                rows(table, epoch.epoch(), layer, "weights", layer.weights());
                rows(table, epoch.epoch(), layer, "activations", layer.activations());
            }
        }
        return table;
    }

    private static void rows(Table table, int epoch, LayerMetrics layer, String tensor, LayerMetrics.Mixture mixture) {
        for (LayerMetrics.Share share : mixture.shares()) {
            List<Cell> cells = new ArrayList<>(List.of(Cell.count(epoch), Cell.of(layer.layer()), Cell.of(tensor),
                    Cell.of(share.candidate().toString()), Cell.number(share.alpha(), 4),
                    Cell.number(share.probability(), 4), Cell.number(share.error(), 6),
                    Cell.number(mixture.expectedBits(), 2), Cell.number(mixture.expectedError(), 6)));
            layer.costs().forEach(cost -> cells.add(Cell.number(cost, 6)));
            table.row(cells.toArray(Cell[]::new));
        }
    }
}
