package dev.darq.experiments;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.experiments.FinetuneTable.Row;
import dev.darq.experiments.config.FinetuneConfig;
import dev.darq.experiments.config.Variant;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.experiments.report.Versions;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.search.CostModel;
import dev.darq.search.Evaluation;
import dev.darq.search.ExampleSplit;
import dev.darq.search.Examples;
import dev.darq.search.FloatNetwork;
import dev.darq.search.Freezer;
import dev.darq.search.LayerCandidates;
import dev.darq.search.Network;
import dev.darq.search.QuantizedTraining;
import dev.darq.search.QuantizedTrainingSettings;
import dev.darq.search.SearchSpace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Quantization-aware fine-tuning with fixed bits: a float32 network, trained or read, and from it each variant, trained,
 * frozen, and measured on the kernels.
 */
public final class FinetuneExperiment {
    private static final String FLOAT = "float32";

    private final FinetuneConfig config;
    private final Examples train;
    private final @Nullable Examples validation;
    private final ImageExamples test;
    private final Path folder;
    private final PrintWriter out;
    private final FinetuneLog log;
    private final List<Row> rows = new ArrayList<>();

    private FinetuneExperiment(FinetuneConfig config, DataSet data, Path folder, PrintWriter out, FinetuneLog log) {
        this.config = config;
        this.folder = folder;
        this.out = out;
        this.log = log;
        Examples all = ImageExamples.train(data);
        if (config.data().validation() == 0) {
            train = all;
            validation = null;
        } else {
            ExampleSplit split = ExampleSplit.of(all, config.data().validation(), config.seed());
            train = split.train();
            validation = split.validation();
        }
        test = ImageExamples.test(data);
    }

    /**
     * Runs an experiment with each of several seeds, in folders of their own, and summarises; with one seed like
     * {@link #run}.
     *
     * @param configs the same configuration, a seed each
     */
    public static void runAll(List<FinetuneConfig> configs, DataSet data, Path folder, PrintWriter out)
            throws IOException {
        if (configs.size() == 1) {
            run(configs.getFirst(), data, folder, out);
            return;
        }
        List<List<Row>> runs = new ArrayList<>();
        for (FinetuneConfig config : configs) {
            out.println("\nSeed " + config.seed());
            runs.add(run(config, data, Files.createDirectories(folder.resolve("seed-" + config.seed())), out));
        }
        Table summary = FinetuneTable.summary(runs);
        Tables.write(summary, folder, "summary");
        out.println("\nOver " + configs.size() + " seeds, mean and standard deviation:\n\n" + summary.toMarkdown());
        out.flush();
    }

    /**
     * Runs the experiment and writes everything into the run folder.
     *
     * @param data   a data set that fits the network
     * @param folder the run folder, there and empty
     * @param out    what the user reads
     * @return the rows of the table, float32 first
     */
    public static List<Row> run(FinetuneConfig config, DataSet data, Path folder, PrintWriter out)
            throws IOException {
        Engine.getInstance();
        JniUtils.setNumThreads(config.threads());
        AtomicFile.write(folder.resolve("config.yaml"), config.toYaml());
        AtomicFile.write(folder.resolve("environment.json"),
                Environment.current(KernelProvider.get().name(), config.threads()).toJson());
        try (FinetuneLog log = new FinetuneLog(folder, out)) {
            FinetuneExperiment experiment = new FinetuneExperiment(config, data, folder, out, log);
            Network teacher = experiment.floatNetwork();
            for (Variant variant : config.variants()) {
                experiment.train(variant.name(), teacher, variant.layers(), variant.finetune());
            }
            experiment.report();
            return experiment.rows;
        }
    }

    /** The float32 network is trained by the same code, with float32 as every layer's target. */
    private Network floatNetwork() throws IOException {
        List<LayerCandidates> layers = Collections.nCopies(config.network().shapes().size(),
                LayerCandidates.FLOAT32);
        if (config.from() != null) {
            Network read = FloatNetwork.read(PackedModel.load(config.from()));
            keep(FLOAT, read, layers);
            return read;
        }
        Network fresh = Network.create(config.network(), SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                config.quantizers(), config.seed());
        train(FLOAT, fresh, layers, config.floatTraining());
        return FloatNetwork.read(PackedModel.load(folder.resolve(FLOAT).resolve("model.darq")));
    }

    private void train(String name, Network start, List<LayerCandidates> layers, QuantizedTrainingSettings settings) {
        new QuantizedTraining(settings, config.quantizers(), config.batchSize(), config.seed(), log).train(name, start,
                layers, train, validation, network -> {
                    try {
                        keep(name, network, layers);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /** Freezes and measures a network; what an earlier epoch left under this name is replaced. */
    private void keep(String name, Network network, List<LayerCandidates> layers) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        Path file = own.resolve("model.darq");
        Freezer.freeze(network, Map.of("experiment", config.name(), "seed", Long.toString(config.seed()), "network",
                name, "darq", Versions.DARQ)).save(file);
        float[] logits = Evaluation.logits(network, test);
        Agreement agreement = Agreement.of(PackedModel.load(file), test, logits);
        AtomicFile.write(own.resolve("agreement.json"), agreement.toJson());
        rows.removeIf(row -> row.name().equals(name));
        rows.add(new Row(name, FinetuneTable.describe(layers), Evaluation.accuracy(logits, test), agreement.accuracy(),
                Files.size(file), network.expectedCost(CostModel.BIT_OPERATIONS)));
    }

    private void report() throws IOException {
        Table table = FinetuneTable.of(rows);
        Tables.write(table, folder, "variants");
        String problem = log.draw();
        if (!problem.isEmpty()) {
            out.println(problem);
        }
        out.println("\n" + table.toMarkdown());
        out.println("Written to " + folder);
        out.flush();
    }
}
