package dev.darq.experiments;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.experiments.report.Versions;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.search.Allocation;
import dev.darq.search.BilevelSearch;
import dev.darq.search.Budget;
import dev.darq.search.CostModel;
import dev.darq.search.Evaluation;
import dev.darq.search.ExampleSplit;
import dev.darq.search.Freezer;
import dev.darq.search.Mlp;
import dev.darq.search.SearchSpace;
import dev.darq.search.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The main job: warm-up, search, fine-tuning, freezing, and the comparison with float32 and with uniform schemes that
 * are trained for as many epochs by the same code.
 */
public final class SearchExperiment {
    private final ExperimentConfig config;
    private final ExampleSplit split;
    private final ImageExamples test;
    private final Path folder;
    private final PrintWriter out;
    private final Training training;
    private final BilevelSearch search;
    private final Comparison comparison;

    private SearchExperiment(ExperimentConfig config, DataSet data, Path folder, PrintWriter out, RunLog log) {
        this.config = config;
        this.folder = folder;
        this.out = out;
        split = ExampleSplit.of(ImageExamples.train(data), config.data().validation(), config.seed());
        test = ImageExamples.test(data);
        training = new Training(config.training(), config.seed(), log);
        search = new BilevelSearch(config.search(), config.training(), config.seed(), log);
        comparison = new Comparison(test);
    }

    /** Refuses budgets that no scheme of the search space can meet. */
    public static void check(ExperimentConfig config) {
        for (Budget budget : config.search().costs()) {
            double cheapest = budget.cheapest(config.network(), config.space());
            Double target = budget.target();
            if (target != null && cheapest > target) {
                throw config.source().error("search.cost", String.format(Locale.ROOT,
                        "no scheme of the search space meets the %s target %s: the cheapest has %.6f of float32",
                        budget.model().label(), target, cheapest));
            }
        }
    }

    /**
     * Runs an experiment with each of several seeds, in folders of their own, and summarises; with one seed like
     * {@link #run}.
     *
     * @param configs the same configuration, a seed each
     */
    public static void runAll(List<ExperimentConfig> configs, DataSet data, Path folder, PrintWriter out)
            throws IOException {
        if (configs.size() == 1) {
            run(configs.getFirst(), data, folder, out);
            return;
        }
        List<Comparison> comparisons = new ArrayList<>();
        for (ExperimentConfig config : configs) {
            out.println("\nSeed " + config.seed());
            Path own = Files.createDirectories(folder.resolve("seed-" + config.seed()));
            comparisons.add(run(config, data, own, out));
        }
        Table summary = Comparison.summary(comparisons);
        Tables.write(summary, folder, "summary");
        out.println("\nOver " + configs.size() + " seeds, mean and standard deviation:\n\n" + summary.toMarkdown());
        out.flush();
    }

    /**
     * Runs the experiment and writes everything into the run folder.
     *
     * @param config a configuration that {@link #check} let pass
     * @param data   a data set that fits the network
     * @param folder the run folder, there and empty
     * @param out    what the user reads
     * @return the rows of the comparison
     */
    public static Comparison run(ExperimentConfig config, DataSet data, Path folder, PrintWriter out)
            throws IOException {
        Engine.getInstance();
        JniUtils.setNumThreads(config.threads());
        AtomicFile.write(folder.resolve("config.yaml"), config.toYaml());
        AtomicFile.write(folder.resolve("environment.json"),
                Environment.current(KernelProvider.get().name(), config.threads()).toJson());
        try (RunLog log = new RunLog(folder, config.search(), out)) {
            SearchExperiment experiment = new SearchExperiment(config, data, folder, out, log);
            experiment.searched();
            experiment.baselines();
            experiment.report();
            return experiment.comparison;
        }
    }

    private int trunkEpochs() {
        return config.search().warmupEpochs() + config.search().epochs();
    }

    private void searched() throws IOException {
        Mlp network = Mlp.create(config.network(), config.space(), config.quantizers(), config.seed());
        training.warmUp(network, split.train(), config.search().warmupEpochs());
        training.calibrate(network, split.train());
        Allocation allocation = search.search(network, split.train(), split.validation());
        AllocationTable.write(allocation, folder);
        out.println("\n" + AllocationTable.of(allocation).toMarkdown());
        comparison.add("searched (soft)", Evaluation.accuracy(Evaluation.softLogits(network, test), test),
                network.expectedCost(CostModel.BIT_OPERATIONS));
        Mlp discrete = network.discrete(allocation);
        training.fineTune("fine-tuning", discrete, split.train(), config.finetune(), trunkEpochs());
        float[] logits = Evaluation.logits(discrete, test);
        double bitOperations = allocation.cost(CostModel.BIT_OPERATIONS);
        comparison.add("searched (fine-tuned)", Evaluation.accuracy(logits, test), bitOperations);
        Path file = folder.resolve("model.darq");
        Freezer.freeze(discrete, metadata("searched")).save(file);
        Agreement agreement = Agreement.of(PackedModel.load(file), test, logits);
        AtomicFile.write(folder.resolve("agreement.json"), agreement.toJson());
        out.println("\n" + agreement + "\n");
        comparison.addFrozen("packed", agreement.accuracy(), bitOperations, file);
    }

    /** Float32 and the uniform schemes branch off one float32 network, so that all have had the same epochs. */
    private void baselines() throws IOException {
        SearchSpace space = SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32);
        Mlp trunk = Mlp.create(config.network(), space, config.quantizers(), config.seed());
        training.warmUp(trunk, split.train(), config.search().warmupEpochs());
        training.trainFloat(trunk, split.train(), config.search().epochs(), config.search().warmupEpochs());
        Files.createDirectories(folder.resolve("baselines"));
        baseline(trunk, Candidate.FLOAT32, "float32", folder.resolve("baselines/float32.safetensors"));
        for (Candidate candidate : config.baselines()) {
            String name = "uniform " + candidate.bits() + "/" + candidate.bits() + " (" + candidate + ")";
            baseline(trunk, candidate, name, folder.resolve("baselines/" + candidate + ".darq"));
        }
    }

    private void baseline(Mlp trunk, Candidate candidate, String name, Path file) throws IOException {
        Mlp network = Mlp.create(config.network(), SearchSpace.uniform(candidate, candidate), config.quantizers(),
                config.seed());
        network.copyWeights(trunk);
        training.calibrate(network, split.train());
        training.fineTune(name, network, split.train(), config.finetune(), trunkEpochs());
        Freezer.freeze(network, metadata(name)).save(file);
        double accuracy = Evaluation.accuracy(Evaluation.logits(network, test), test);
        comparison.addFrozen(name, accuracy, network.expectedCost(CostModel.BIT_OPERATIONS), file);
    }

    private Map<String, String> metadata(String what) {
        return Map.of("experiment", config.name(), "seed", Long.toString(config.seed()), "network", what, "darq",
                Versions.DARQ);
    }

    private void report() throws IOException {
        out.println("Measuring latency ...");
        out.flush();
        comparison.measure();
        comparison.write(folder);
        out.println("\n" + comparison.table().toMarkdown());
        out.println("Written to " + folder);
        out.flush();
    }
}
