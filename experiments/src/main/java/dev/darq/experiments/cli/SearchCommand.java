package dev.darq.experiments.cli;

import dev.darq.experiments.RunContext;
import dev.darq.experiments.SearchExperiment;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.data.DataCache;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.journal.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darq search}. */
@Command(name = "search", description = {"Searches the bits of each layer of a network and freezes the result.", "",
        "Trains the network, searches, fine-tunes what was found, freezes it to a packed model, and compares",
        "that with float32 and uniform schemes. Everything is written into a run folder: config.yaml,",
        "environment.json, allocation.{md,csv,json}, model.darq and more.", "",
        "Ctrl-C ends a run after the step under way, with a checkpoint, and says how to go on (--resume).",
        "A second one stops at once, which loses the work since the last checkpoint."}, footer = {"", "Examples:",
                "  experiments/darq search experiments/mnist-mlp.yaml",
                "  experiments/darq search experiments/mnist-mlp.yaml --set seed=2 --set search.cost.0.target=0.02",
                "  experiments/darq search experiments/mnist-mlp.yaml --set space.weights=[lq1,lq2] --run my-run",
                "  experiments/darq search experiments/mnist-mlp.yaml --seeds 1,2,3 --run results/runs/three-seeds",
                "  experiments/darq search experiments/mnist-mlp.yaml --run results/runs/one --resume"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SearchCommand implements Callable<Integer> {
    /** What a search does once its input has proved good. */
    @FunctionalInterface
    interface Experiment {
        /** Runs to the end, the same configuration with each of its seeds. */
        void run(List<ExperimentConfig> seeds, DataSet data, RunContext context, PrintWriter out) throws IOException;
    }

    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_./=,:@%+-]+");
    private static final Pattern STEPS = Pattern.compile("epoch|[1-9]\\d{0,8}");

    private final Experiment experiment;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--resume", description = "Goes on with the run in the folder --run, which was stopped, killed or "
            + "failed, from its last checkpoint; it ends as it would have ended without that. Everything else must be "
            + "given as before.")
    private boolean resume;

    @Option(names = "--checkpoint-every", paramLabel = "STEPS", description = "Steps between two checkpoints, or 'epoch' "
            + "(the default); as checkpoints.every of the configuration. Changes no result.")
    private @Nullable String checkpointEvery;

    SearchCommand(Experiment experiment) {
        this.experiment = experiment;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (checkpointEvery != null) {
            if (!STEPS.matcher(checkpointEvery).matches()) {
                throw new UsageException("--checkpoint-every " + checkpointEvery
                        + ": expected a number of steps, at least 1, or 'epoch'");
            }
            options.set("checkpoints.every", checkpointEvery);
        }
        if (!resume) {
            RunFolder.check(options.run());
        }
        List<ExperimentConfig> configs = options.configurations(ExperimentConfig::load);
        ExperimentConfig checked = configs.getFirst();
        List<String> notes = SearchExperiment.check(checked);
        DataSet data = DataCache.standard(note -> {
            out.println(note);
            out.flush();
        }).load(checked.data().source());
        RunOptions.checkSizes(checked.source(), checked.network(), data);
        RunOptions.checkSplit(checked.source(), checked.data().validation(), data);
        notes.forEach(note -> out.println("note: " + note));
        try (RunFolder folder = folder(checked); StopSignals stop = new StopSignals(spec.commandLine().getErr())) {
            run(configs, data, new RunContext(folder.path(), resume, stop), out);
        } catch (StoppedException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("darq: " + e.getMessage());
            err.flush();
            return e.exitCode();
        }
        return 0;
    }

    private RunFolder folder(ExperimentConfig config) throws IOException {
        return resume
                ? RunFolder.reopen(options.run())
                : RunFolder.create(options.run(), config.results().directory(), config.name(),
                        LocalDateTime.now(ZoneId.systemDefault()));
    }

    private void run(List<ExperimentConfig> configs, DataSet data, RunContext context, PrintWriter out)
            throws IOException {
        try {
            experiment.run(configs, data, context, out);
        } catch (StoppedException e) {
            out.println("Stopped; everything is saved. To go on:\n\n  experiments/darq " + again(context.folder()));
            throw e;
        } finally {
            out.flush();
        }
    }

    /** The command that goes on with this run: what the user gave, the folder and {@code --resume}. */
    private String again(Path folder) {
        List<String> words = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
        if (options.run() == null) {
            words.addAll(List.of("--run", folder.toString()));
        }
        if (!resume) {
            words.add("--resume");
        }
        return words.stream().map(word -> SAFE.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
