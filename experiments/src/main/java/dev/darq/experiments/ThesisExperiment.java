package dev.darq.experiments;

import dev.darq.experiments.LatencyBenchmark.Effort;
import dev.darq.experiments.config.ConfigException;
import dev.darq.experiments.config.FinetuneConfig;
import dev.darq.experiments.config.Variant;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Granularity;
import dev.darq.quantizers.Scheme;
import dev.darq.search.LayerCandidates;
import dev.darq.search.PostTrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The tables and the histogram of the thesis on LQFullyConnected: for each seed a float32 network, from it each variant
 * quantized without training in three ways and by fine-tuning; accuracies, bytes, speed, and the levels of one neuron.
 */
public final class ThesisExperiment {
    private static final int CALIBRATION = 2000;
    private static final String FLOAT = "float32";

    /** How a network is quantized without training, from the thesis's own way to all that is done here. */
    private enum Way {
        TWO_PHASES("two phases", false, false), CORRECTION("and correction of channels", false,
                true), COMPENSATION("and compensation of errors", true, true);

        private final String label;
        private final boolean compensated;
        private final boolean corrected;

        Way(String label, boolean compensated, boolean corrected) {
            this.label = label;
            this.compensated = compensated;
            this.corrected = corrected;
        }

        Path file(Path seed, Variant variant) {
            return seed.resolve(variant.name()).resolve("post-training-" + (ordinal() + 1) + ".darq");
        }
    }

    private final FinetuneConfig first;
    private final DataSet data;
    private final Path folder;
    private final PrintWriter out;
    private final ThesisTables tables = new ThesisTables();

    private ThesisExperiment(FinetuneConfig first, DataSet data, Path folder, PrintWriter out) {
        this.first = first;
        this.data = data;
        this.folder = folder;
        this.out = out;
    }

    /**
     * Refuses variants of which there are no such tables.
     *
     * @throws ConfigException unless each has learned levels of the same number of bits for all weights and activations,
     *                         and each another number of bits
     */
    public static void check(FinetuneConfig config) {
        if (config.quantizers().granularity() == Granularity.GROUP) {
            throw config.source().error("quantizers.granularity",
                    "must not be group, since the thesis's loop is for bases of whole channels");
        }
        Set<Integer> bits = new HashSet<>();
        for (int i = 0; i < config.variants().size(); i++) {
            Variant variant = config.variants().get(i);
            Candidate candidate = candidate(variant);
            boolean learned = candidate.scheme() == Scheme.LQ || candidate.scheme() == Scheme.LQ_GRADIENT;
            LayerCandidates alike = new LayerCandidates(candidate, candidate);
            if (!learned || !variant.layers().stream().allMatch(alike::equals)) {
                throw config.source().error("variants." + i,
                        "must have learned levels, such as lq2, alike for weights and activations of all layers, got "
                                + FinetuneTable.describe(variant.layers()));
            }
            if (!bits.add(candidate.bits())) {
                throw config.source().error("variants." + i,
                        "must have other bits than the variants before, got " + candidate.bits() + " again");
            }
        }
    }

    private static Candidate candidate(Variant variant) {
        return variant.layers().getFirst().weights();
    }

    /**
     * Runs every seed and writes the tables, the histograms and all networks into the run folder.
     *
     * @param configs the same configuration with one seed each
     * @param data    a data set that fits the network
     * @param folder  the run folder, there and empty
     * @param out     what the user reads
     */
    public static void run(List<FinetuneConfig> configs, DataSet data, Path folder, PrintWriter out)
            throws IOException {
        run(configs, data, folder, out, Effort.FEW_CONTENDERS);
    }

    static void run(List<FinetuneConfig> configs, DataSet data, Path folder, PrintWriter out, Effort effort)
            throws IOException {
        FinetuneConfig first = configs.getFirst();
        check(first);
        AtomicFile.write(folder.resolve("config.yaml"), first.toYaml());
        AtomicFile.write(folder.resolve("environment.json"),
                Environment.current(KernelProvider.get().name(), first.threads()).toJson());
        ThesisExperiment experiment = new ThesisExperiment(first, data, folder, out);
        for (FinetuneConfig config : configs) {
            out.println("\nSeed " + config.seed());
            experiment.networks(config);
        }
        experiment.report("accuracy", experiment.tables.accuracy());
        experiment.report("bytes", experiment.tables.bytes());
        experiment.levels();
        experiment.speed(effort);
        out.println("Written to " + folder);
        out.flush();
    }

    private Path seed(FinetuneConfig config) {
        return folder.resolve("seed-" + config.seed());
    }

    private static PackedModel network(Path seed, String name) throws IOException {
        return PackedModel.load(seed.resolve(name).resolve("model.darq"));
    }

    /** Trains, quantizes and measures all networks of one seed. */
    private void networks(FinetuneConfig config) throws IOException {
        Path seed = Files.createDirectories(seed(config));
        Map<String, FinetuneTable.Row> trained = new LinkedHashMap<>();
        FinetuneExperiment.run(config, data, seed, out).forEach(row -> trained.put(row.name(), row));
        FinetuneTable.Row floats = row(trained, FLOAT);
        tables.addFloat(floats.packed(), floats.bytes());
        for (Variant variant : config.variants()) {
            int bits = candidate(variant).bits();
            for (Way way : Way.values()) {
                PostTrainingExperiment.Outcome outcome = quantize(config, seed, variant, way);
                tables.add(bits, way.label, outcome.agreement().accuracy(), outcome.bytes());
            }
            FinetuneTable.Row tuned = row(trained, variant.name());
            tables.add(bits, ThesisTables.FINE_TUNED, tuned.packed(), tuned.bytes());
        }
    }

    private static FinetuneTable.Row row(Map<String, FinetuneTable.Row> rows, String name) {
        FinetuneTable.Row row = rows.get(name);
        if (row == null) {
            throw new IllegalStateException("no network '" + name + "' among " + rows.keySet());
        }
        return row;
    }

    private PostTrainingExperiment.Outcome quantize(FinetuneConfig config, Path seed, Variant variant, Way way)
            throws IOException {
        Candidate candidate = candidate(variant);
        List<LayerCandidates> layers = Collections.nCopies(variant.layers().size(),
                new LayerCandidates(candidate, candidate));
        return new PostTrainingExperiment(data, out).quantize(variant.name() + " " + way.label, network(seed, FLOAT),
                new PostTrainingSettings(layers, config.quantizers(), CALIBRATION, config.seed(), way.compensated,
                        way.corrected),
                Map.of("experiment", config.name(), "network", way.label), way.file(seed, variant));
    }

    private void report(String name, Table table) throws IOException {
        Tables.write(table, folder, name);
        out.println("\n" + table.toMarkdown());
        out.flush();
    }

    /** The levels of the first seed, learned in the thesis's own way, which looks at the weights alone. */
    private void levels() throws IOException {
        NeuronLevels levels = new NeuronLevels(network(seed(first), FLOAT));
        for (Variant variant : first.variants()) {
            String problem = levels.add(PackedModel.load(Way.TWO_PHASES.file(seed(first), variant)),
                    folder.resolve("neuron-" + variant.name() + ".png"));
            if (!problem.isEmpty()) {
                out.println(problem);
            }
        }
        Tables.write(levels.table(), folder, "levels");
    }

    /** The fine-tuned networks of the first seed. */
    private void speed(Effort effort) throws IOException {
        out.println("Measuring the speed");
        out.flush();
        SequencedMap<Integer, PackedModel> coded = new LinkedHashMap<>();
        for (Variant variant : first.variants()) {
            coded.put(candidate(variant).bits(), network(seed(first), variant.name()));
        }
        float[] image = new float[data.width()];
        ImageExamples.test(data).features(0, image, 0);
        report("speed", ThesisSpeed.measure(network(seed(first), FLOAT), coded, image, effort));
    }
}
