package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.search.LayerCandidates;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/** The variants of a fine-tuning as a table, float32 first. */
public final class FinetuneTable {
    private FinetuneTable() {}

    /**
     * One network.
     *
     * @param name          the variant
     * @param candidates    weights and activations of its layers
     * @param accuracy      accuracy of the fake-quantized network on the test set, 0 to 1
     * @param packed        accuracy of the frozen network on the kernels
     * @param bytes         size of its file
     * @param bitOperations bit operations of one inference
     */
    public record Row(String name, String candidates, double accuracy, double packed, long bytes,
            double bitOperations) {}

    /** {@code lq2/lq2}, weights and activations; layers that differ are joined by commas. */
    static String describe(List<LayerCandidates> layers) {
        List<String> names = layers.stream().map(layer -> layer.weights() + "/" + layer.activations()).toList();
        return names.stream().distinct().count() == 1
                ? names.getFirst()
                : names.stream().collect(Collectors.joining(", "));
    }

    static Table of(List<Row> rows) {
        Table table = new Table().text("network").text("weights/activations").number("accuracy").number("packed")
                .number("bytes on disk").number("compression").number("bit operations").number("of float32");
        Row reference = rows.getFirst();
        for (Row row : rows) {
            table.row(Cell.of(row.name()), Cell.of(row.candidates()), Cell.percent(row.accuracy(), 2),
                    Cell.percent(row.packed(), 2), Cell.count(row.bytes()),
                    Cell.times((double) reference.bytes() / row.bytes(), 2),
                    Cell.count(Math.round(row.bitOperations())),
                    Cell.percent(row.bitOperations() / reference.bitOperations(), 2));
        }
        return table;
    }

    /** Mean and standard deviation over runs with different seeds. */
    static Table summary(List<List<Row>> runs) {
        Table table = new Table().text("network").text("weights/activations").number("accuracy").number("packed")
                .number("+-", "packed deviation").number("lowest", "packed lowest").number("bytes on disk");
        for (int i = 0; i < runs.getFirst().size(); i++) {
            Row first = runs.getFirst().get(i);
            DescriptiveStatistics packed = over(runs, i, Row::packed);
            table.row(Cell.of(first.name()), Cell.of(first.candidates()),
                    Cell.percent(over(runs, i, Row::accuracy).getMean(), 2), Cell.percent(packed.getMean(), 2),
                    Cell.percent(packed.getStandardDeviation(), 2), Cell.percent(packed.getMin(), 2),
                    Cell.count(Math.round(over(runs, i, Row::bytes).getMean())));
        }
        return table;
    }

    private static DescriptiveStatistics over(List<List<Row>> runs, int place, ToDoubleFunction<Row> figure) {
        return new DescriptiveStatistics(
                runs.stream().mapToDouble(run -> figure.applyAsDouble(run.get(place))).toArray());
    }
}
