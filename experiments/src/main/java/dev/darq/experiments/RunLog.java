package dev.darq.experiments;

import dev.darq.experiments.report.Json;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.AtomicFile;
import dev.darq.quantizers.State;
import dev.darq.search.Budget;
import dev.darq.search.EpochMetrics;
import dev.darq.search.SearchSettings;
import dev.darq.search.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a run: shows its progress, and keeps {@code metrics.csv}, {@code layers.csv}, {@code memory.csv} and the course
 * of the multipliers in the run folder.
 */
final class RunLog implements TrainingListener, State.Holder, AutoCloseable {
    private final Path folder;
    private final ProgressDisplay display;
    private final List<EpochMetrics> epochs = new ArrayList<>();
    private final MemoryLog memory = new MemoryLog();
    private final PrintWriter out;
    private final LambdaLog lambdas;
    private final MetricsTables tables;
    private boolean plotless;

    /** The log of a run without a search. */
    RunLog(Path folder, PrintWriter out) {
        this(folder, List.of(), new LambdaLog(), out);
    }

    /** The log of a run with this search. */
    RunLog(Path folder, SearchSettings search, PrintWriter out) {
        this(folder, search.costs(), new LambdaLog(search), out);
    }

    private RunLog(Path folder, List<Budget> budgets, LambdaLog lambdas, PrintWriter out) {
        this.folder = folder;
        this.lambdas = lambdas;
        this.out = out;
        display = new ProgressDisplay(out, ProgressDisplay.terminal());
        tables = new MetricsTables(budgets, epochs);
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
        epochs.add(epoch);
        write("metrics.csv", tables.metrics());
        write("layers.csv", tables.layers());
        plotLambdas();
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

    /** The rows so far: the files may be ahead of a checkpoint, and are written anew with the next row. */
    @Override
    public void save(State state) {
        state.put("epochs", Json.write(epochs));
        lambdas.save(state.under("lambdas"));
        state.put("memory", Json.write(memory.readings()));
    }

    @Override
    public void restore(State state) {
        epochs.addAll(Json.readList(state.text("epochs"), EpochMetrics.class));
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
