package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.AtomicFile;
import dev.darq.search.TrainingListener;
import dev.darq.search.TuningEpoch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Follows a fine-tuning: shows its progress, and keeps {@code metrics.csv} and the training curves in the run folder. */
final class FinetuneLog implements TrainingListener, AutoCloseable {
    private final Path folder;
    private final ProgressDisplay display;
    private final Table metrics = new Table().text("network").number("epoch").text("candidates")
            .number("training loss").number("validation accuracy");

    private final TrainingCurves curves = new TrainingCurves();

    FinetuneLog(Path folder, PrintWriter out) {
        this.folder = folder;
        display = new ProgressDisplay(out, ProgressDisplay.terminal());
    }

    @Override
    public void step(Step step) {
        display.step(step);
    }

    @Override
    public void tuned(TuningEpoch epoch) {
        display.tuned(epoch);
        curves.add(epoch);
        metrics.row(Cell.of(epoch.stage()), Cell.count(epoch.epoch()),
                Cell.of(FinetuneTable.describe(epoch.candidates())), Cell.number(epoch.trainingLoss(), 4),
                epoch.validationAccuracy() == null ? Cell.NONE : Cell.percent(epoch.validationAccuracy(), 2));
        try {
            AtomicFile.write(folder.resolve("metrics.csv"), metrics.toCsv());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Draws {@code curves.png}; returns an empty string, or why there is none. */
    String draw() throws IOException {
        return curves.write(folder.resolve("curves.png"));
    }

    @Override
    public void close() {
        display.close();
    }
}
