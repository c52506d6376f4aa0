package dev.darq.experiments;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.search.Evaluation;
import dev.darq.search.Freezer;
import dev.darq.search.LayerChoice;
import dev.darq.search.Mlp;
import dev.darq.search.PostTrainingSettings;
import dev.darq.search.SearchSpace;
import dev.darq.search.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * The thesis's tables of file sizes and accuracies after post-training quantization: float networks of several seeds, each
 * quantized to the configuration's baselines in three ways.
 */
public final class ThesisExperiment {
    private static final int CALIBRATION = 2000;

    /** The ways, from the thesis's own to all that is done here. */
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
    }

    /** A row of the table. */
    private record Row(String bits, String way) {}

    /** What the seeds gave. */
    private record Figures(DescriptiveStatistics accuracy, DescriptiveStatistics bytes) {}

    private final DataSet data;
    private final Path folder;
    private final PrintWriter out;
    private final SequencedMap<Row, Figures> rows = new LinkedHashMap<>();

    private ThesisExperiment(DataSet data, Path folder, PrintWriter out) {
        this.data = data;
        this.folder = folder;
        this.out = out;
    }

    /**
     * Runs every seed and writes the tables and all networks into the run folder.
     *
     * @param seeds  the same configuration with one seed each
     * @param folder the run folder, there and empty
     */
    public static void run(List<ExperimentConfig> seeds, DataSet data, Path folder, PrintWriter out)
            throws IOException {
        ExperimentConfig config = seeds.getFirst();
        Engine.getInstance();
        JniUtils.setNumThreads(config.threads());
        AtomicFile.write(folder.resolve("config.yaml"), config.toYaml());
        AtomicFile.write(folder.resolve("environment.json"),
                Environment.current(KernelProvider.get().name(), config.threads()).toJson());
        ThesisExperiment experiment = new ThesisExperiment(data, folder, out);
        for (ExperimentConfig seed : seeds) {
            experiment.run(seed);
        }
        Table table = experiment.table();
        Tables.write(table, folder, "post-training");
        out.println("\n" + table.toMarkdown());
        out.println("Written to " + folder);
        out.flush();
    }

    private void run(ExperimentConfig config) throws IOException {
        Path own = Files.createDirectories(folder.resolve("seed-" + config.seed()));
        Path file = own.resolve("float32.safetensors");
        train(config, own).save(file);
        PackedModel network = PackedModel.load(file);
        PostTrainingExperiment quantization = new PostTrainingExperiment(data, out);
        add(new Row("float32", "-"), quantization.accuracy(network), Files.size(file));
        for (Candidate candidate : config.baselines()) {
            List<LayerChoice> layers = Collections.nCopies(config.network().layers().size() - 1,
                    new LayerChoice(candidate, candidate));
            for (Way way : Way.values()) {
                PostTrainingExperiment.Outcome outcome = quantization.quantize(
                        "seed " + config.seed() + ", " + candidate + ", " + way.label, network,
                        new PostTrainingSettings(layers, config.quantizers(), CALIBRATION, config.seed(),
                                way.compensated, way.corrected),
                        Map.of("experiment", config.name(), "network", way.label),
                        own.resolve(candidate + "-" + way.label.replace(' ', '-') + ".darq"));
                add(new Row(candidate.toString(), way.label), outcome.agreement().accuracy(), outcome.bytes());
            }
        }
    }

    private PackedModel train(ExperimentConfig config, Path own) throws IOException {
        ImageExamples examples = ImageExamples.train(data);
        try (RunLog log = new RunLog(own, out)) {
            Training training = new Training(config.training(), config.seed(), log);
            Mlp network = Mlp.create(config.network(), SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                    config.quantizers(), config.seed());
            training.trainFloat(network, examples, config.search().warmupEpochs() + config.search().epochs(), 0);
            double accuracy = Evaluation.accuracy(Evaluation.logits(network, ImageExamples.test(data)),
                    ImageExamples.test(data));
            return Freezer.freeze(network, Map.of("experiment", config.name(), "seed", Long.toString(config.seed()),
                    "network", "float32", "accuracy", Double.toString(accuracy)));
        }
    }

    private void add(Row row, double accuracy, long bytes) {
        Figures figures = rows.computeIfAbsent(row,
                _ -> new Figures(new DescriptiveStatistics(), new DescriptiveStatistics()));
        figures.accuracy.addValue(accuracy);
        figures.bytes.addValue(bytes);
    }

    private Table table() {
        Table table = new Table().text("bits").text("post-training").number("accuracy").number("+-").number("lowest")
                .number("bytes on disk");
        for (Map.Entry<Row, Figures> entry : rows.entrySet()) {
            DescriptiveStatistics accuracy = entry.getValue().accuracy;
            table.row(Cell.of(entry.getKey().bits), Cell.of(entry.getKey().way),
                    Cell.percent(accuracy.getMean(), 2),
                    accuracy.getN() > 1 ? Cell.percent(accuracy.getStandardDeviation(), 2) : Cell.NONE,
                    Cell.percent(accuracy.getMin(), 2), Cell.count(Math.round(entry.getValue().bytes.getMax())));
        }
        return table;
    }
}
