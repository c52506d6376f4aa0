package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.jspecify.annotations.Nullable;

/** The thesis's tables of accuracies and of bytes, over the seeds that were added, beside the thesis's own figures. */
final class ThesisTables {
    static final String FINE_TUNED = "fine-tuned";
    private static final String FLOAT = "float32";

    /** What the seeds gave for one network. */
    private record Figures(DescriptiveStatistics accuracy, DescriptiveStatistics bytes) {
        Figures() {
            this(new DescriptiveStatistics(), new DescriptiveStatistics());
        }

        void add(double value, long size) {
            accuracy.addValue(value);
            bytes.addValue((double) size);
        }
    }

    private final Figures floats = new Figures();
    /** By bits, and then by how the bits came about. */
    private final SequencedMap<Integer, SequencedMap<String, Figures>> networks = new LinkedHashMap<>();

    /** Adds a float32 network of one seed: accuracy 0 to 1, and the size of its file. */
    void addFloat(double accuracy, long bytes) {
        floats.add(accuracy, bytes);
    }

    /**
     * Adds a quantized network of one seed.
     *
     * @param bits     of weights and activations
     * @param way      how they came about
     * @param accuracy 0 to 1
     * @param bytes    size of its file
     */
    void add(int bits, String way, double accuracy, long bytes) {
        networks.computeIfAbsent(bits, _ -> new LinkedHashMap<>()).computeIfAbsent(way, _ -> new Figures())
                .add(accuracy, bytes);
    }

    /** Accuracy of every network: mean, standard deviation and lowest over the seeds. */
    Table accuracy() {
        Table table = new Table().text("bits").text("how").number("accuracy").number("+-", "deviation")
                .number("lowest").number("thesis");
        accuracy(table, FLOAT, "trained", floats.accuracy, ThesisFigure.FLOAT32);
        networks.forEach((bits, ways) -> ways.forEach((way, figures) -> accuracy(table, Integer.toString(bits), way,
                figures.accuracy, way.equals(FINE_TUNED) ? null : ThesisFigure.of(bits))));
        return table;
    }

    private static void accuracy(Table table, String bits, String way, DescriptiveStatistics accuracy,
            @Nullable ThesisFigure thesis) {
        table.row(Cell.of(bits), Cell.of(way), Cell.percent(accuracy.getMean(), 2),
                accuracy.getN() > 1 ? Cell.percent(accuracy.getStandardDeviation(), 2) : Cell.NONE,
                Cell.percent(accuracy.getMin(), 2), thesis == null ? Cell.NONE : Cell.percent(thesis.accuracy(), 2));
    }

    /** The largest file of each kind, over the seeds and the ways of quantizing without training. */
    Table bytes() {
        Table table = new Table().text("bits").number("bytes, post-training").number("bytes, fine-tuned")
                .number("compression").number("thesis, bytes").number("thesis, compression");
        double reference = floats.bytes.getMax();
        bytes(table, FLOAT, List.of(reference), reference, reference, ThesisFigure.FLOAT32);
        for (Map.Entry<Integer, SequencedMap<String, Figures>> entry : networks.entrySet()) {
            List<Double> postTraining = new ArrayList<>();
            entry.getValue().forEach((way, figures) -> {
                if (!way.equals(FINE_TUNED)) {
                    postTraining.add(figures.bytes.getMax());
                }
            });
            Figures tuned = Objects.requireNonNull(entry.getValue().get(FINE_TUNED));
            bytes(table, Integer.toString(entry.getKey()), postTraining, tuned.bytes.getMax(), reference,
                    ThesisFigure.of(entry.getKey()));
        }
        return table;
    }

    private static void bytes(Table table, String bits, List<Double> postTraining, double tuned, double reference,
            @Nullable ThesisFigure thesis) {
        double largest = postTraining.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        table.row(Cell.of(bits), Cell.count(Math.round(largest)), Cell.count(Math.round(tuned)),
                Cell.times(reference / Math.max(largest, tuned), 2),
                thesis == null ? Cell.NONE : Cell.count(thesis.bytes()),
                thesis == null ? Cell.NONE : Cell.times(1.0 * ThesisFigure.FLOAT32.bytes() / thesis.bytes(), 2));
    }
}
