package dev.darq.experiments;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.journal.CheckpointFolder;
import dev.darq.experiments.journal.Journal;
import dev.darq.experiments.journal.ResumeException;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.experiments.report.Versions;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.search.Allocation;
import dev.darq.search.CostModel;
import dev.darq.search.DivergedException;
import dev.darq.search.Evaluation;
import dev.darq.search.ExampleSplit;
import dev.darq.search.Freezer;
import dev.darq.search.LayerCandidates;
import dev.darq.search.LayerSensitivity;
import dev.darq.search.MixedPrecision;
import dev.darq.search.Network;
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
 * are trained for as many epochs by the same code. Everything is a part of a {@link Journal}, so that a run can be left at
 * any step.
 */
public final class SearchExperiment {
    private static final int SENSITIVITY_EXAMPLES = 2048;
    private static final String LAST = "insight";

    private final ExperimentConfig config;
    private final ExampleSplit split;
    private final ImageExamples test;
    private final Path folder;
    private final PrintWriter out;
    private final Training training;
    private final RunLog log;
    private final FixedSchemes fixed;
    private final Comparison comparison;
    private final Journal journal;

    /** What the search left. */
    private record Found(Allocation allocation, DiscretisationGap gap) {}

    private SearchExperiment(ExperimentConfig config, DataSet data, RunContext context, PrintWriter out)
            throws IOException {
        this.config = config;
        this.folder = context.folder();
        this.out = out;
        journal = new Journal(
                new CheckpointFolder(folder, Map.of("configuration", config.identity(), "data set", data.checksum())),
                config.checkpoints().everySteps(), context.stop());
        if (context.resumes()) {
            journal.resume(out::println);
            AtomicFile.removeUnfinished(folder);
        }
        log = new RunLog(folder, config.search(), out);
        split = ExampleSplit.of(ImageExamples.train(data), config.data().validation(), config.seed());
        test = ImageExamples.test(data);
        training = new Training(config.training(), config.seed(), log, journal);
        fixed = new FixedSchemes(config, split, log, journal);
        comparison = new Comparison(test, folder);
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
     * @throws ResumeException when a run is to be taken up and there is none, or it is complete, or of something else
     */
    public static void runAll(List<ExperimentConfig> configs, DataSet data, RunContext context, PrintWriter out)
            throws IOException {
        if (configs.size() == 1) {
            run(configs.getFirst(), data, context, out);
            return;
        }
        if (context.resumes() && Files.exists(context.folder().resolve("summary.csv"))) {
            throw new ResumeException(context.folder() + ": is complete, so there is nothing to resume");
        }
        if (context.resumes() && !CheckpointFolder.isIn(seedContext(context, configs.getFirst()).folder())) {
            throw new ResumeException(context.folder() + ": has no checkpoint of seed " + configs.getFirst().seed()
                    + ", so there is nothing to resume");
        }
        List<Comparison> comparisons = new ArrayList<>();
        for (ExperimentConfig config : configs) {
            out.println("\nSeed " + config.seed());
            RunContext own = seedContext(context, config);
            Files.createDirectories(own.folder());
            boolean begun = context.resumes() && CheckpointFolder.isIn(own.folder());
            comparisons.add(new SearchExperiment(config, data, new RunContext(own.folder(), begun, own.stop()), out)
                    .run());
        }
        Table summary = Comparison.summary(comparisons);
        Tables.write(summary, context.folder(), "summary");
        out.println("\nOver " + configs.size() + " seeds, mean and standard deviation:\n\n" + summary.toMarkdown());
        out.flush();
    }

    private static RunContext seedContext(RunContext context, ExperimentConfig config) {
        return context.in("seed-" + config.seed());
    }

    /**
     * Runs the experiment and writes everything into the run folder; or goes on with the run that was left there, and ends
     * as that would have ended.
     *
     * @param config  a configuration that {@link #check} let pass
     * @param data    a data set that fits the network
     * @param context the run folder, and whether the run in it is taken up
     * @param out     what the user reads
     * @return the rows of the comparison
     * @throws ResumeException when a run is to be taken up and there is none, or it is complete, or of something else
     */
    public static Comparison run(ExperimentConfig config, DataSet data, RunContext context, PrintWriter out)
            throws IOException {
        SearchExperiment experiment = new SearchExperiment(config, data, context, out);
        if (context.resumes() && experiment.isComplete()) {
            throw new ResumeException(context.folder() + ": is complete, so there is nothing to resume");
        }
        return experiment.run();
    }

    private boolean isComplete() {
        return journal.isDone(LAST);
    }

    private Comparison run() throws IOException {
        Engine.getInstance();
        JniUtils.setNumThreads(config.threads());
        try (log) {
            journal.hold("log", log);
            journal.hold("comparison", comparison);
            if (!isComplete()) {
                journal.open();
                describe();
                Found found = searched();
                Network trunk = baselines();
                journal.once("report", () -> compare(found.allocation));
                journal.once(LAST, () -> explain(found, trunk));
                journal.release("warm", "network", "settled", "tuned", "trunk");
                journal.end();
            }
            return comparison;
        } catch (DivergedException e) {
            out.println("The last good checkpoint is kept in " + folder.resolve(CheckpointFolder.NAME));
            out.flush();
            throw e;
        }
    }

    private void describe() throws IOException {
        Path yaml = folder.resolve("config.yaml");
        if (!Files.exists(yaml)) {
            AtomicFile.write(folder.resolve("environment.json"),
                    Environment.current(KernelProvider.get().name(), config.threads()).toJson());
            AtomicFile.write(yaml, config.toYaml());
        }
    }

    private int trunkEpochs() {
        return config.search().warmupEpochs() + config.search().epochs();
    }

    private Found searched() throws IOException {
        SearchedNetwork searched = SearchedNetwork.search(config, split, log, journal);
        Network network = searched.network();
        Allocation allocation = searched.allocation();
        float[] soft = Evaluation.softLogits(network, test);
        journal.once("allocation", () -> {
            report(network, allocation);
            comparison.add("searched (soft)", Evaluation.accuracy(soft, test),
                    network.expectedCost(CostModel.BIT_OPERATIONS));
        });
        Network discrete = searched.discrete();
        float[] chosen = Evaluation.logits(discrete, test);
        searched.settle(config, split, log, journal);
        float[] settled = Evaluation.logits(discrete, test);
        journal.hold("tuned", discrete);
        training.fineTune("fine-tuning", discrete, split.train(), config.finetune(), trunkEpochs());
        float[] logits = Evaluation.logits(discrete, test);
        journal.once("packed", () -> pack(discrete, logits, allocation.cost(CostModel.BIT_OPERATIONS)));
        return new Found(allocation, DiscretisationGap.of(soft, chosen, settled, logits, test));
    }

    private void pack(Network discrete, float[] logits, double bitOperations) throws IOException {
        comparison.add("searched (fine-tuned)", Evaluation.accuracy(logits, test), bitOperations);
        if (!Freezer.isPossible(config.network())) {
            out.println("Nothing is packed, so no bytes on disk and no latency: the runtime has no attention\n");
            return;
        }
        Path file = folder.resolve("model.darq");
        Freezer.freeze(discrete, metadata("searched")).save(file);
        Agreement agreement = Agreement.of(PackedModel.load(file), test, logits);
        AtomicFile.write(folder.resolve("agreement.json"), agreement.toJson());
        out.println("\n" + agreement + "\n");
        comparison.addFrozen("packed", agreement.accuracy(), bitOperations, file);
    }

    private void report(Network network, Allocation scheme) throws IOException {
        Table table = AllocationTable.of(scheme, config.quantizers());
        Tables.write(table, folder, "allocation");
        out.println("\n" + table.toMarkdown());
        Table budgets = BudgetTable.of(scheme, network, config.search().costs());
        Tables.write(budgets, folder, "budgets");
        out.println(budgets.toMarkdown());
        scheme.outcomes().forEach(outcome -> out.println(outcome.sentence()));
        out.flush();
    }

    private Network baselines() throws IOException {
        Network trunk = fixed.floatNetwork();
        journal.hold("trunk", trunk);
        journal.once("trunk", () -> fixed.train(trunk));
        Files.createDirectories(folder.resolve("baselines"));
        baseline(trunk, Candidate.FLOAT32, "float32", folder.resolve("baselines/float32.safetensors"));
        for (Candidate candidate : config.baselines()) {
            String name = "uniform " + candidate.bits() + "/" + candidate.bits() + " (" + candidate + ")";
            baseline(trunk, candidate, name, folder.resolve("baselines/" + candidate + ".darq"));
        }
        return trunk;
    }

    private void baseline(Network trunk, Candidate candidate, String name, Path file) throws IOException {
        journal.once("baseline " + name, () -> {
            MixedPrecision scheme = MixedPrecision.uniform(new LayerCandidates(candidate, candidate),
                    config.network().shapes().size());
            Network network = fixed.branch(scheme);
            journal.hold("network", network);
            journal.once("calibration", () -> fixed.calibrate(trunk, network));
            fixed.fineTune(network, name);
            double accuracy = Evaluation.accuracy(Evaluation.logits(network, test), test);
            double bitOperations = scheme.cost(CostModel.BIT_OPERATIONS, config.network());
            if (Freezer.isPossible(config.network())) {
                Freezer.freeze(network, metadata(name)).save(file);
                comparison.addFrozen(name, accuracy, bitOperations, file);
            } else {
                comparison.add(name, accuracy, bitOperations);
            }
        });
    }

    private Map<String, String> metadata(String what) {
        return Map.of("experiment", config.name(), "seed", Long.toString(config.seed()), "network", what, "darq",
                Versions.DARQ);
    }

    private void compare(Allocation allocation) throws IOException {
        if (Freezer.isPossible(config.network())) {
            out.println("Measuring latency ...");
            out.flush();
            comparison.measure(() -> journal.stopIfAsked("while latencies were measured"));
        }
        comparison.write();
        out.println("\n" + comparison.table().toMarkdown());
        LatencyReport latency = LatencyReport.of(allocation, config.search().costs(),
                comparison.rows().getLast().kernels());
        if (latency != null) {
            AtomicFile.write(folder.resolve("latency.json"), latency.toJson());
            out.println(latency + "\n");
        }
        out.flush();
    }

    /** Says in words what was found, as the end of the run. */
    private void explain(Found found, Network trunk) throws IOException {
        Insight insight = new Insight(found.allocation, config.layerSpaces(),
                LayerSensitivity.measure(trunk, config.space(), config.quantizers(), training, split.train(),
                        ExampleSplit.sample(split.validation(), SENSITIVITY_EXAMPLES, config.seed())),
                found.gap, config.quantizers(), config.discretisation().alphas());
        AtomicFile.write(folder.resolve("insight.md"), insight.toText() + "\n");
        out.println(insight.toText() + "\n\nWritten to " + folder);
        out.flush();
    }
}
