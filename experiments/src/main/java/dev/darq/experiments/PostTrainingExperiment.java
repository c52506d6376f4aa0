package dev.darq.experiments;

import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Versions;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.search.DecodedNetwork;
import dev.darq.search.Evaluation;
import dev.darq.search.Examples;
import dev.darq.search.LayerErrors;
import dev.darq.search.PostTraining;
import dev.darq.search.PostTrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Quantizes a trained network without training, and measures what came out. */
public final class PostTrainingExperiment {
    private final DataSet data;
    private final PrintWriter out;

    /** Experiments on this data set. */
    public PostTrainingExperiment(DataSet data, PrintWriter out) {
        this.data = data;
        this.out = out;
    }

    /**
     * A quantized network on disk.
     *
     * @param result    the model and the errors of its layers, as quantized
     * @param file      where it was written
     * @param bytes     its size
     * @param agreement of the packed model that was read back with the fake-quantized network, on the test set
     */
    record Outcome(PostTraining.Result result, Path file, long bytes, Agreement agreement) {}

    /**
     * Quantizes a network, writes it, and prints the errors of each layer, sizes and accuracies.
     *
     * @param model  a float network that fits the data
     * @param source its file
     * @param target the packed model's file, replaced if it exists
     */
    public void run(PackedModel model, Path source, PostTrainingSettings settings, Path target) throws IOException {
        double before = accuracy(model);
        Outcome outcome = quantize("quantizing", model, settings, Map.of("network", "post-training quantized"), target);
        out.println("\n" + layers(outcome.result).toMarkdown());
        long bytes = Files.size(source);
        Table table = new Table().text("network").number("accuracy").number("bytes on disk").number("compression");
        table.row(Cell.of("float"), Cell.percent(before, 2), Cell.count(bytes), Cell.times(1, 2));
        table.row(Cell.of("quantized"), Cell.percent(outcome.agreement.accuracy(), 2), Cell.count(outcome.bytes),
                Cell.times((double) bytes / outcome.bytes, 2));
        out.println(table.toMarkdown());
        out.println(outcome.agreement);
        out.println("Written to " + target);
        out.flush();
    }

    /** Quantizes and writes a network, and measures the file. */
    Outcome quantize(String what, PackedModel model, PostTrainingSettings settings, Map<String, String> about,
            Path target) throws IOException {
        Map<String, String> metadata = new HashMap<>(about);
        metadata.putAll(Map.of("darq", Versions.DARQ, "seed", Long.toString(settings.seed()), "data", data.name(),
                "calibration", Integer.toString(Math.min(settings.calibration(), data.train().count()))));
        PostTraining.Result result;
        try (ProgressDisplay display = new ProgressDisplay(out, ProgressDisplay.terminal())) {
            display.work(what, 0, settings.layers().size());
            result = PostTraining.quantize(model, ImageExamples.train(data), settings, metadata,
                    (layer, done, layers) -> display.work(what, done, layers));
        }
        result.model().save(target);
        Examples test = ImageExamples.test(data);
        return new Outcome(result, target, Files.size(target),
                Agreement.of(PackedModel.load(target), test, DecodedNetwork.logits(result.model(), test)));
    }

    /** Accuracy on the test set, on the kernels. */
    double accuracy(PackedModel model) {
        Examples test = ImageExamples.test(data);
        return Evaluation.accuracy(DecodedNetwork.logits(model, test), test);
    }

    private static Table layers(PostTraining.Result result) {
        Table table = new Table().text("layer").text("shape").text("weights").text("activations")
                .number("weights, dB").number("inputs, dB").number("outputs, dB").number("corrected, dB")
                .number("bytes");
        List<Linear> linears = result.model().operations().stream().mapMulti(
                (Operation operation, java.util.function.Consumer<Linear> keep) -> {
                    if (operation instanceof Linear linear) {
                        keep.accept(linear);
                    }
                }).toList();
        for (int i = 0; i < linears.size(); i++) {
            Linear linear = linears.get(i);
            LayerErrors errors = result.layers().get(i);
            table.row(Cell.of(linear.name()), Cell.of(linear.weights().columns() + "x" + linear.weights().rows()),
                    Cell.of(errors.choice().weights().toString()), Cell.of(errors.choice().activations().toString()),
                    Cell.number(errors.weights(), 1), Cell.number(errors.activations(), 1),
                    Cell.number(errors.outputs(), 1), Cell.number(errors.correctedOutput(), 1),
                    Cell.count(LayerBytes.of(linear)));
        }
        return table;
    }
}
