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
import dev.darq.search.CostModel;
import dev.darq.search.Discretisation;
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
    private Allocation allocation = new Allocation(List.of(), List.of());

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

    /**
     * Refuses budgets that every scheme exceeds, and a latency table of another machine.
     *
     * @return notes for the user, for example of a budget that no scheme of the space meets from close below
     */
    public static List<String> check(ExperimentConfig config) {
        return SearchChecks.check(config);
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
        try (RunLog log = new RunLog(folder, config.search().costs(), out)) {
            SearchExperiment experiment = new SearchExperiment(config, data, folder, out, log);
            experiment.searched();
            experiment.baselines();
            experiment.compare();
            return experiment.comparison;
        }
    }

    private int trunkEpochs() {
        return config.search().warmupEpochs() + config.search().epochs();
    }

    private void searched() throws IOException {
        Mlp network = Mlp.create(config.network(), config.layerSpaces(), config.quantizers(), config.seed());
        training.warmUp(network, split.train(), config.search().warmupEpochs());
        Mlp warm = floatNetwork();
        warm.copyWeights(network);
        training.calibrate(network, split.train());
        search.search(network, split.train(), split.validation());
        allocation = new Discretisation(network, config.search().costs(), config.discretisation())
                .choose(split.validation());
        report(network, allocation);
        comparison.add("searched (soft)", Evaluation.accuracy(Evaluation.softLogits(network, test), test),
                network.expectedCost(CostModel.BIT_OPERATIONS));
        Mlp discrete = switch (config.discretisation().alphas()) {
            case FROZEN -> network.discrete(allocation);
            case RESET -> reset(allocation, warm);
        };
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

    private void report(Mlp network, Allocation scheme) throws IOException {
        Table table = AllocationTable.of(scheme, config.quantizers());
        Tables.write(table, folder, "allocation");
        out.println("\n" + table.toMarkdown());
        Table budgets = BudgetTable.of(scheme, network, config.search().costs());
        Tables.write(budgets, folder, "budgets");
        out.println(budgets.toMarkdown());
        scheme.outcomes().forEach(outcome -> out.println(outcome.sentence()));
        out.flush();
    }

    /** The scheme on the weights before the search, its quantizers set anew. */
    private Mlp reset(Allocation scheme, Mlp warm) {
        Mlp network = Mlp.create(config.network(), scheme.spaces(), config.quantizers(), config.seed());
        network.copyWeights(warm);
        training.calibrate(network, split.train());
        return network;
    }

    private Mlp floatNetwork() {
        return Mlp.create(config.network(), SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                config.quantizers(), config.seed());
    }

    /** Float32 and the uniform schemes branch off one float32 network, so that all have had the same epochs. */
    private void baselines() throws IOException {
        Mlp trunk = floatNetwork();
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

    private void compare() throws IOException {
        out.println("Measuring latency ...");
        out.flush();
        comparison.measure();
        comparison.write(folder);
        out.println("\n" + comparison.table().toMarkdown());
        LatencyReport latency = LatencyReport.of(allocation, config.search().costs(),
                comparison.rows().getLast().kernels());
        if (latency != null) {
            AtomicFile.write(folder.resolve("latency.json"), latency.toJson());
            out.println(latency + "\n");
        }
        out.println("Written to " + folder);
        out.flush();
    }
}
