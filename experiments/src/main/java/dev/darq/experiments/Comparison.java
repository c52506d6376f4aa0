package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Json;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import dev.darq.quantizers.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.jspecify.annotations.Nullable;

/** The comparison of float32, the uniform schemes, the searched scheme and its packed model. */
public final class Comparison implements State.Holder {
    /** The order of the table, by the beginning of a row's name. */
    private static final List<String> ORDER = List.of("float32", "uniform", "searched (soft)", "searched (fine",
            "packed");

    /**
     * One row.
     *
     * @param name          what is compared
     * @param accuracy      accuracy on the test set, 0 to 1
     * @param bitOperations bit operations of one inference
     * @param file          the frozen network, if there is one
     * @param bytes         its size on disk, else null
     * @param kernels       median microseconds of one inference on Darq's kernels, else null
     * @param torch         median microseconds of one inference on libtorch, else null
     */
    public record Row(String name, double accuracy, double bitOperations, @Nullable Path file, @Nullable Long bytes,
            @Nullable Double kernels, @Nullable Double torch) {
        Row measured(@Nullable Double kernelTime, @Nullable Double torchTime) {
            return new Row(name, accuracy, bitOperations, file, bytes, kernelTime, torchTime);
        }

        boolean isFloat() {
            return name.equals("float32");
        }
    }

    /** A row as a checkpoint keeps it: the run folder may have moved when it is taken up. */
    private record SavedRow(String name, double accuracy, double bitOperations, @Nullable String file,
            @Nullable Long bytes, @Nullable Double kernels, @Nullable Double torch) {}

    private final ImageExamples test;
    private final Path folder;
    private final List<Row> rows = new ArrayList<>();

    /** A comparison whose frozen networks lie in a run folder. */
    Comparison(ImageExamples test, Path folder) {
        this.test = test;
        this.folder = folder;
    }

    @Override
    public void save(State state) {
        state.put("rows", Json.write(rows.stream().map(row -> new SavedRow(row.name, row.accuracy, row.bitOperations,
                row.file == null ? null : folder.relativize(row.file).toString(), row.bytes, row.kernels, row.torch))
                .toList()));
    }

    @Override
    public void restore(State state) {
        rows.clear();
        Json.readList(state.text("rows"), SavedRow.class).forEach(row -> rows.add(new Row(row.name, row.accuracy,
                row.bitOperations, row.file == null ? null : folder.resolve(row.file), row.bytes, row.kernels,
                row.torch)));
    }

    /** The rows, float32 first. */
    public List<Row> rows() {
        return rows.stream().sorted(Comparator.comparingInt(Comparison::rank)).toList();
    }

    private static int rank(Row row) {
        int rank = 0;
        while (rank < ORDER.size() && !row.name().startsWith(ORDER.get(rank))) {
            rank++;
        }
        return rank;
    }

    void add(String name, double accuracy, double bitOperations) {
        rows.add(new Row(name, accuracy, bitOperations, null, null, null, null));
    }

    void addFrozen(String name, double accuracy, double bitOperations, Path file) throws IOException {
        rows.add(new Row(name, accuracy, bitOperations, file, Files.size(file), null, null));
    }

    /**
     * Measures the latency of every frozen network, and of float32 on libtorch, all taking turns.
     *
     * @param betweenRounds run between two rounds; may end it all by throwing
     */
    void measure(Runnable betweenRounds) throws IOException {
        List<LatencyBenchmark.Contender> contenders = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        int torchPlace = -1;
        try (Inputs inputs = new Inputs(test)) {
            for (int i = 0; i < rows.size(); i++) {
                Path file = rows.get(i).file();
                if (file == null) {
                    continue;
                }
                PackedModel model = PackedModel.load(file);
                places.add(i);
                contenders.add(kernels(model, inputs));
                if (rows.get(i).isFloat()) {
                    torchPlace = i;
                    inputs.torch = new TorchMlp(model);
                }
            }
            TorchMlp torch = inputs.torch;
            if (torch != null) {
                contenders.add(() -> torch.run(inputs.next()));
            }
            List<Double> times = LatencyBenchmark.medianMicroseconds(contenders,
                    LatencyBenchmark.Effort.FEW_CONTENDERS, _ -> betweenRounds.run());
            for (int c = 0; c < places.size(); c++) {
                int place = places.get(c);
                rows.set(place, rows.get(place).measured(times.get(c), place == torchPlace ? times.getLast() : null));
            }
        }
    }

    private static LatencyBenchmark.Contender kernels(PackedModel model, Inputs inputs) {
        Session session = LatencyBenchmark.compiled(model);
        float[] output = new float[model.outputs()];
        return () -> session.run(inputs.next(), output);
    }

    /** Test images in turn, so that no contender sees the same input twice in a row. */
    private static final class Inputs implements AutoCloseable {
        private static final int COUNT = 64;

        private final float[][] images;
        private int position;
        private @Nullable TorchMlp torch;

        Inputs(ImageExamples test) {
            images = new float[Math.min(COUNT, test.size())][test.width()];
            for (int i = 0; i < images.length; i++) {
                test.features(i, images[i], 0);
            }
        }

        float[] next() {
            position = position + 1 == images.length ? 0 : position + 1;
            return images[position];
        }

        @Override
        public void close() {
            if (torch != null) {
                torch.close();
            }
        }
    }

    /** The comparison as a table; compression and speed are relative to float32. */
    Table table() {
        Table table = new Table().text("network").number("accuracy").number("bytes on disk").number("compression")
                .number("bit operations").number("of float32").number("us, kernels").number("us, libtorch")
                .number("speed-up");
        Row reference = rows().getFirst();
        for (Row row : rows()) {
            table.row(Cell.of(row.name()), Cell.percent(row.accuracy(), 2),
                    row.bytes() == null ? Cell.NONE : Cell.count(row.bytes()),
                    row.bytes() == null || reference.bytes() == null
                            ? Cell.NONE
                            : Cell.times((double) reference.bytes() / row.bytes(), 2),
                    Cell.count(Math.round(row.bitOperations())),
                    Cell.percent(row.bitOperations() / reference.bitOperations(), 2), microseconds(row.kernels()),
                    microseconds(row.torch()),
                    row.kernels() == null || reference.kernels() == null
                            ? Cell.NONE
                            : Cell.times(reference.kernels() / row.kernels(), 2));
        }
        return table;
    }

    /** Mean and standard deviation over runs with different seeds. */
    static Table summary(List<Comparison> comparisons) {
        Table table = new Table().text("network").number("accuracy").number("+-", "accuracy deviation")
                .number("lowest", "lowest accuracy").number("bytes on disk").number("of float32").number("us, kernels")
                .number("speed-up");
        double reference = mean(comparisons, 0, Row::kernels);
        for (int i = 0; i < comparisons.getFirst().rows().size(); i++) {
            int place = i;
            DoubleStream accuracies = comparisons.stream().mapToDouble(run -> run.rows().get(place).accuracy());
            DescriptiveStatistics accuracy = new DescriptiveStatistics(accuracies.toArray());
            double kernels = mean(comparisons, i, Row::kernels);
            double operations = mean(comparisons, i, Row::bitOperations) / mean(comparisons, 0, Row::bitOperations);
            double bytes = mean(comparisons, i, row -> row.bytes() == null ? null : (double) row.bytes());
            table.row(Cell.of(comparisons.getFirst().rows().get(i).name()), Cell.percent(accuracy.getMean(), 2),
                    Cell.percent(accuracy.getStandardDeviation(), 2), Cell.percent(accuracy.getMin(), 2),
                    Double.isNaN(bytes) ? Cell.NONE : Cell.count(Math.round(bytes)), Cell.percent(operations, 2),
                    Double.isNaN(kernels) ? Cell.NONE : Cell.number(kernels, 2),
                    Double.isNaN(kernels) ? Cell.NONE : Cell.times(reference / kernels, 2));
        }
        return table;
    }

    /** Mean of a figure of the row at this place; not a number where runs lack it. */
    private static double mean(List<Comparison> comparisons, int place, Function<Row, @Nullable Double> figure) {
        double sum = 0;
        for (Comparison run : comparisons) {
            Double value = figure.apply(run.rows().get(place));
            sum += value == null ? Double.NaN : value;
        }
        return sum / comparisons.size();
    }

    private static Cell microseconds(@Nullable Double time) {
        return time == null ? Cell.NONE : Cell.number(time, 2);
    }

    void write() throws IOException {
        Tables.write(table(), folder, "comparison");
    }
}
