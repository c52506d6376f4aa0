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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

    @Parameters(paramLabel = "CONFIG", description = "The experiment, a YAML file.")
    private Path config;

    @Option(names = "--set", paramLabel = "path=value", description = "Sets a value of the configuration, such as search.epochs=4 or space.weights.0=lq2. May be repeated.")
    private final List<String> overrides = new ArrayList<>();

    @Option(names = "--run", paramLabel = "DIR", description = "The run folder, new or empty (default: a new one in the configuration's results.directory).")
    private @Nullable Path run;

    @Option(names = "--seeds", paramLabel = "N", split = ",", description = "Runs once with each of these seeds, in folders "
            + "of their own, and summarises. May be a list: 1,2,3.")
    private List<Long> seeds = new ArrayList<>();

    SearchCommand(Experiment experiment) {
        this.experiment = experiment;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        RunFolder.check(run);
        List<ExperimentConfig> configs = configurations();
        ExperimentConfig checked = configs.getFirst();
        SearchExperiment.check(checked);
        DataSet data = DataCache.standard(note -> {
            out.println(note);
            out.flush();
        }).load(checked.data().source());
        checkSizes(checked, data);
        experiment.run(configs, data, RunFolder.create(run, checked, LocalDateTime.now(ZoneId.systemDefault())), out);
        out.flush();
        return 0;
    }

    /** The configuration, once for each seed. */
    private List<ExperimentConfig> configurations() {
        if (seeds.isEmpty()) {
            return List.of(ExperimentConfig.load(config, overrides));
        }
        if (seeds.stream().distinct().count() < seeds.size()) {
            throw new UsageException("--seeds " + seeds + ": names a seed twice");
        }
        List<ExperimentConfig> configs = new ArrayList<>();
        for (Long seed : seeds) {
            List<String> all = new ArrayList<>(overrides);
            all.add("seed=" + seed);
            configs.add(ExperimentConfig.load(config, all));
        }
        return configs;
    }

    /** The network must fit the data. */
    private static void checkSizes(ExperimentConfig config, DataSet data) {
        List<Integer> layers = config.network().layers();
        if (layers.getFirst() != data.width()) {
            throw config.source().error("network.layers.0",
                    "must be " + data.width() + ", the pixels of an image of " + data.name() + ", got "
                            + layers.getFirst());
        }
        if (layers.getLast() != data.classes()) {
            throw config.source().error("network.layers." + (layers.size() - 1),
                    "must be " + data.classes() + ", the classes of " + data.name() + ", got " + layers.getLast());
        }
        int validation = (int) (data.train().count() * config.data().validation());
        if (validation < 1 || validation >= data.train().count()) {
            throw config.source().error("data.validation",
                    "leaves " + validation + " of " + data.train().count() + " images, at least 1 is needed");
        }
    }
}
