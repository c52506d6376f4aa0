package dev.darq.experiments;

import dev.darq.experiments.LatencyBenchmark.Contender;
import dev.darq.experiments.LatencyBenchmark.Effort;
import dev.darq.experiments.naive.NaiveNetwork;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The thesis's table of speed: one inference at a time on one thread, all networks in turns in this process. The thesis
 * compares its loop over words with a plain loop over floats; the kernels are held against both, and against float32 on
 * vectors.
 */
final class ThesisSpeed {
    private static final String NAIVE = "float32, naive loop";
    private static final String VECTORS = "float32, vectors";

    /** @param bits 32 for float32 */
    private record Entry(String name, int bits, boolean thesisLoop, Contender contender) {}

    private final List<Entry> entries = new ArrayList<>();
    private final float[] input;

    private ThesisSpeed(float[] input) {
        this.input = input;
    }

    /**
     * Measures.
     *
     * @param floats the network in float32
     * @param coded  by bits, the network with binary codes
     * @param input  what is inferred
     * @return medians in microseconds, and ratios of them
     */
    static Table measure(PackedModel floats, SequencedMap<Integer, PackedModel> coded, float[] input, Effort effort) {
        ThesisSpeed speed = new ThesisSpeed(input);
        speed.naive(NAIVE, 32, NaiveNetwork.floats(floats), floats.outputs());
        speed.compiled(VECTORS, 32, floats);
        try (TorchMlp torch = new TorchMlp(floats)) {
            speed.entries.add(new Entry("float32, libtorch", 32, false, () -> torch.run(input)));
            for (Map.Entry<Integer, PackedModel> entry : coded.entrySet()) {
                int bits = entry.getKey();
                PackedModel model = entry.getValue();
                speed.naive(bits + " bit, the thesis's loop", bits, NaiveNetwork.words(model), model.outputs());
                speed.compiled(bits + " bit, Darq", bits, model);
            }
            return speed.table(LatencyBenchmark.medianMicroseconds(
                    speed.entries.stream().map(Entry::contender).toList(), effort, part -> {}));
        }
    }

    private void naive(String name, int bits, NaiveNetwork network, int outputs) {
        float[] output = new float[outputs];
        entries.add(new Entry(name, bits, bits < 32, () -> network.run(input, 0, output, 0)));
    }

    private void compiled(String name, int bits, PackedModel model) {
        Session session = LatencyBenchmark.compiled(model);
        float[] output = new float[model.outputs()];
        entries.add(new Entry(name, bits, false, () -> session.run(input, output)));
    }

    private Table table(List<Double> times) {
        double naive = times.get(0);
        double vectors = times.get(1);
        double loop = Double.NaN;
        Table table = new Table().text("network").number("us an inference").number("over the naive float loop")
                .number("over float32 on vectors").number("over the thesis's loop")
                .number("thesis, over its float32");
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            double time = times.get(i);
            loop = entry.thesisLoop ? time : loop; // stands before the kernel with the same bits
            @Nullable
            ThesisFigure thesis = ThesisFigure.of(entry.bits);
            table.row(Cell.of(entry.name), Cell.number(time, 2), Cell.times(naive / time, 2),
                    Cell.times(vectors / time, 2), entry.bits == 32 ? Cell.NONE : Cell.times(loop / time, 2),
                    thesis == null ? Cell.NONE : Cell.times(thesis.speedUp(), 1));
        }
        return table;
    }
}
