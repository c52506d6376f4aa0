package dev.darq.experiments;

import dev.darq.search.EpochMetrics;
import dev.darq.search.TrainingListener;
import dev.darq.search.TuningEpoch;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how training goes: in a terminal a bar a stage with loss, cost, soft and hard accuracy and the time left;
 * elsewhere a line at the end of each stage. Elsewhere every epoch leaves a line too.
 */
public final class ProgressDisplay implements TrainingListener, AutoCloseable {
    private static final int UPDATE_MILLIS = 200;
    private static final int PARTS = 1000;

    private final PrintWriter out;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private String stage = "";
    private double smoothedLoss;
    private String accuracies = "";
    private String validation = "";
    private long stageStart;

    /** A display that writes to {@code out}, with bars if that is a terminal. */
    public ProgressDisplay(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether there is a terminal to draw on. */
    @SuppressWarnings("SystemConsoleNull") // NullAway does not know that the JDK stopped returning null
    public static boolean terminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /** Work without a loss, a part of 0 to 1 of which is done. Begins a bar at 0 and ends it at 1. */
    public void part(String name, double part) {
        if (part == 0) {
            begin(name, PARTS);
        }
        ProgressBar shown = bar;
        if (shown != null) {
            shown.stepTo(Math.round(PARTS * part));
        }
        if (part == 1) {
            end(name);
        }
    }

    /** Work without a loss: so much of it is done. Begins a bar at 0 and ends it when all is done. */
    void work(String name, int done, int all) {
        if (done == 0) {
            begin(name, all);
        }
        ProgressBar shown = bar;
        if (shown != null) {
            shown.stepTo(done);
        }
        if (done == all) {
            end(name + ": " + all + " layers");
        }
    }

    @Override
    public void step(Step step) {
        // A stage that is taken up does not begin at its first step.
        boolean begins = step.step() == 1 || !step.stage().equals(stage);
        if (begins) {
            begin(step.stage(), step.steps());
        }
        smoothedLoss = begins ? step.loss() : 0.98 * smoothedLoss + 0.02 * step.loss();
        ProgressBar shown = bar;
        if (shown != null) {
            shown.setExtraMessage(message(step) + validation);
            shown.stepTo(step.step());
        }
        if (step.step() == step.steps()) {
            end(stage + ": " + step.steps() + " steps", message(step).strip());
        }
    }

    private void begin(String name, int steps) {
        close();
        stage = name;
        accuracies = "";
        validation = "";
        stageStart = System.nanoTime();
        if (terminal) {
            bar = new ProgressBarBuilder().setTaskName(stage).setInitialMax(steps)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(UPDATE_MILLIS).setConsumer(new ConsoleProgressBarConsumer(System.err))
                    .build();
        }
    }

    private void end(String done, String... more) {
        close();
        if (!terminal) {
            List<String> parts = new ArrayList<>();
            parts.add(String.format(Locale.ROOT, "%s in %.0f s", done, (System.nanoTime() - stageStart) / 1e9));
            parts.addAll(List.of(more));
            out.println(String.join(", ", parts));
            out.flush();
        }
    }

    private String message(Step step) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, " loss %.4f", smoothedLoss));
        if (!step.costs().isEmpty()) {
            text.append(" cost");
            step.costs().forEach(cost -> text.append(String.format(Locale.ROOT, " %.2f%%", 100 * cost)));
        }
        return text.append(accuracies).toString();
    }

    @Override
    public void epoch(EpochMetrics metrics) {
        accuracies = String.format(Locale.ROOT, " soft %.2f%% hard %.2f%%", 100 * metrics.softAccuracy(),
                100 * metrics.hardAccuracy());
        if (!terminal) {
            StringBuilder costs = new StringBuilder();
            metrics.costs().forEach(cost -> costs.append(String.format(Locale.ROOT, " %.2f%%", 100 * cost)));
            out.printf(Locale.ROOT, "search epoch %d: loss %.4f, validation loss %.4f, cost%s%s%n", metrics.epoch(),
                    metrics.trainingLoss(), metrics.validationLoss(), costs, accuracies);
            out.flush();
        }
    }

    @Override
    public void stopped(EarlyStop stop) {
        close();
        out.printf(Locale.ROOT,
                "search stopped after epoch %d: the curvature is %.2f times that of epoch %d, whose choices are taken%n",
                stop.epoch(), stop.growth(), stop.back());
        out.flush();
    }

    @Override
    public void tuned(TuningEpoch epoch) {
        Double accuracy = epoch.validationAccuracy();
        validation = accuracy == null ? "" : String.format(Locale.ROOT, " validation %.2f%%", 100 * accuracy);
        if (!terminal) {
            out.printf(Locale.ROOT, "%s epoch %d: %s, loss %.4f%s%n", epoch.stage(), epoch.epoch(),
                    FinetuneTable.describe(epoch.candidates()), epoch.trainingLoss(), validation);
            out.flush();
        }
    }

    @Override
    public void close() {
        ProgressBar shown = bar;
        bar = null;
        if (shown != null) {
            shown.close();
        }
    }
}
