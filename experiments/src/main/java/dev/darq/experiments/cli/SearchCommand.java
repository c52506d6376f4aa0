package dev.darq.experiments.cli;

import dev.darq.experiments.SearchExperiment;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.data.DataCache;
import dev.darq.experiments.data.DataSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code darq search}. */
@Command(name = "search", description = {"Searches the bits of each layer of a network and freezes the result.", "",
        "Trains the network, searches, fine-tunes what was found, freezes it to a packed model, and compares",
        "that with float32 and uniform schemes. Everything is written into a run folder: config.yaml,",
        "environment.json, allocation.{md,csv,json}, model.darq and more."}, footer = {"", "Examples:",
                "  experiments/darq search experiments/mnist-mlp.yaml",
                "  experiments/darq search experiments/mnist-mlp.yaml --set seed=2 --set search.cost.0.target=0.02",
                "  experiments/darq search experiments/mnist-mlp.yaml --set space.weights=[lq1,lq2] --run my-run",
                "  experiments/darq search experiments/mnist-mlp.yaml --seeds 1,2,3 --run results/runs/three-seeds"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SearchCommand implements Callable<Integer> {
    /** What a search does once its input has proved good. */
    @FunctionalInterface
    interface Experiment {
        /** Runs to the end, the same configuration with each of its seeds. */
        void run(List<ExperimentConfig> seeds, DataSet data, Path runFolder, PrintWriter out) throws IOException;
    }

    private final Experiment experiment;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    SearchCommand(Experiment experiment) {
        this.experiment = experiment;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        RunFolder.check(options.run());
        List<ExperimentConfig> configs = options.configurations(ExperimentConfig::load);
        ExperimentConfig checked = configs.getFirst();
        List<String> notes = SearchExperiment.check(checked);
        DataSet data = DataCache.standard(note -> {
            out.println(note);
            out.flush();
        }).load(checked.data().source());
        RunOptions.checkSizes(checked.source(), checked.network().layers(), data);
        RunOptions.checkSplit(checked.source(), checked.data().validation(), data);
        notes.forEach(note -> out.println("note: " + note));
        experiment.run(configs, data, RunFolder.create(options.run(), checked.results().directory(), checked.name(),
                LocalDateTime.now(ZoneId.systemDefault())), out);
        out.flush();
        return 0;
    }
}
