package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Json;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.AtomicFile;
import dev.darq.quantizers.State;
import dev.darq.search.Budget;
import dev.darq.search.EpochMetrics;
import dev.darq.search.LayerMetrics;
import dev.darq.search.SearchSettings;
import dev.darq.search.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a run: shows its progress, and keeps {@code metrics.csv}, {@code layers.csv}, {@code memory.csv} and the course of the multipliers in
 * the run folder.
 */
final class RunLog implements TrainingListener, State.Holder, AutoCloseable {
    private final Path folder;
    private final ProgressDisplay display;
    private final List<EpochMetrics> epochs = new ArrayList<>();
    private final List<LayerMetrics> layerMetrics = new ArrayList<>();
    private final MemoryLog memory = new MemoryLog();
    private final PrintWriter out;
    private final LambdaLog lambdas;
    private final boolean curvature;
    private boolean plotless;
    private final Table metrics = new Table().number("epoch").number("temperature").number("training loss")
            .number("validation loss").number("soft accuracy").number("hard accuracy").number("gap").number("entropy")
            .number("error").number("lambda error");
    private final LayerLog layers;

    /** The log of a run without a search. */
    RunLog(Path folder, PrintWriter out) {
        this(folder, List.of(), new LambdaLog(), false, out);
    }

    /** The log of a run with this search. */
    RunLog(Path folder, SearchSettings search, PrintWriter out) {
        this(folder, search.costs(), new LambdaLog(search), search.earlyStopping() != null, out);
    }

    private RunLog(Path folder, List<Budget> budgets, LambdaLog lambdas, boolean curvature, PrintWriter out) {
        this.folder = folder;
        this.lambdas = lambdas;
        this.curvature = curvature;
        this.out = out;
        display = new ProgressDisplay(out, ProgressDisplay.terminal());
        layers = new LayerLog(budgets);
        for (Budget budget : budgets) {
            metrics.number(budget.model().label()).number("lambda " + budget.model().label());
        }
        if (curvature) {
            metrics.number("curvature");
        }
    }

    @Override
    public void step(Step step) {
        display.step(step);
        lambdas.step(step);
        if (memory.reads(step)) {
            write("memory.csv", memory.table());
        }
    }

    @Override
    public void epoch(EpochMetrics epoch) {
        display.epoch(epoch);
        add(epoch);
        write("metrics.csv", metrics);
        plotLambdas();
    }

    private void add(EpochMetrics epoch) {
        epochs.add(epoch);
        List<Cell> cells = new ArrayList<>(List.of(Cell.count(epoch.epoch()), Cell.number(epoch.temperature(), 4),
                Cell.number(epoch.trainingLoss(), 4), Cell.number(epoch.validationLoss(), 4),
                Cell.percent(epoch.softAccuracy(), 2), Cell.percent(epoch.hardAccuracy(), 2),
                Cell.percent(epoch.softAccuracy() - epoch.hardAccuracy(), 2), Cell.number(epoch.entropy(), 4),
                Cell.number(epoch.error(), 4), Cell.number(epoch.errorLambda(), 4)));
        for (int k = 0; k < epoch.costs().size(); k++) {
            cells.add(Cell.number(epoch.costs().get(k), 6));
            cells.add(Cell.number(epoch.lambdas().get(k), 4));
        }
        if (curvature) {
            Double measured = epoch.curvature();
            cells.add(measured == null ? Cell.NONE : Cell.number(measured, 6));
        }
        metrics.row(cells.toArray(Cell[]::new));
    }

    /** After every epoch, so that a run that ends early has them too. */
    private void plotLambdas() {
        try {
            String problem = lambdas.write(folder);
            if (!problem.isEmpty() && !plotless) {
                plotless = true;
                out.println(problem);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stopped(EarlyStop stop) {
        display.stopped(stop);
    }

    @Override
    public void layers(List<LayerMetrics> epoch) {
        epoch.forEach(this::add);
        write("layers.csv", layers.table());
    }

    private void add(LayerMetrics layer) {
        layerMetrics.add(layer);
        layers.add(layer);
    }

    /** The rows so far: the files may be ahead of a checkpoint, and are written anew with the next row. */
    @Override
    public void save(State state) {
        state.put("epochs", Json.write(epochs));
        state.put("layers", Json.write(layerMetrics));
        lambdas.save(state.under("lambdas"));
        state.put("memory", Json.write(memory.readings()));
    }

    @Override
    public void restore(State state) {
        Json.readList(state.text("epochs"), EpochMetrics.class).forEach(this::add);
        Json.readList(state.text("layers"), LayerMetrics.class).forEach(this::add);
        lambdas.restore(state.under("lambdas"));
        memory.restore(Json.readList(state.text("memory"), MemoryLog.Reading.class));
    }

    private void write(String name, Table table) {
        try {
            AtomicFile.write(folder.resolve(name), table.toCsv());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        display.close();
        plotLambdas();
    }
}
