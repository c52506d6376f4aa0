package dev.darq.experiments;

import dev.darq.experiments.config.CalibrationConfig;
import dev.darq.experiments.latency.LatencyFile;
import dev.darq.experiments.report.Environment;
import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import dev.darq.quantizers.Candidate;
import dev.darq.search.LatencyTable;
import dev.darq.search.LatencyTable.Entry;
import dev.darq.search.LayerShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;

/**
 * Measures what each layer of a search's network takes with every pair of candidates, on the kernels and on this machine.
 *
 * <p>
 * Each pair is frozen to a packed model of that one layer with its activation function; pairs whose codes are of one kind and
 * width share a measurement. All take turns, round after round, with whole models of random schemes among them, so that what
 * else happens on the machine hits all alike; the figure is the median over rounds. What a call takes beside the layers is
 * found by running a tiny layer alone and {@value #CHAIN} times in a row.
 */
public final class Calibration {
    private static final int TINY = 16;
    private static final int CHAIN = 3;
    private static final int CHECKS = 8;

    private final CalibrationConfig config;
    private final LayerCodes codes;
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<LatencyBenchmark.Contender> contenders = new ArrayList<>();
    private final Map<Entry, Integer> places = new LinkedHashMap<>();

    private Calibration(CalibrationConfig config) {
        this.config = config;
        codes = new LayerCodes(config.quantizers(), random);
    }

    /**
     * Measures.
     *
     * @param effort   how long
     * @param progress hears what part is done, 0 to 1
     */
    public static LatencyFile run(CalibrationConfig config, LatencyBenchmark.Effort effort, DoubleConsumer progress) {
        return new Calibration(config).measured(effort, progress);
    }

    private LatencyFile measured(LatencyBenchmark.Effort effort, DoubleConsumer progress) {
        int alone = contend(chain(1));
        int chained = contend(chain(CHAIN));
        addLayers();
        List<Map<String, Entry>> schemes = new ArrayList<>();
        for (int check = 0; check < CHECKS; check++) {
            Map<String, Entry> scheme = scheme();
            if (!schemes.contains(scheme)) {
                schemes.add(scheme);
                contend(whole(scheme));
            }
        }
        List<Double> times = LatencyBenchmark.medianMicroseconds(contenders, effort, progress);
        double overhead = Math.max(0, (CHAIN * times.get(alone) - times.get(chained)) / (CHAIN - 1));
        Map<Entry, Double> layers = new HashMap<>();
        places.forEach((entry, place) -> layers.put(entry, Math.max(1e-3, times.get(place) - overhead)));
        LatencyTable table = new LatencyTable(overhead, layers);
        List<LatencyFile.Check> checks = new ArrayList<>();
        for (int s = 0; s < schemes.size(); s++) {
            double predicted = overhead + schemes.get(s).values().stream().mapToDouble(table::microseconds).sum();
            checks.add(new LatencyFile.Check(describe(schemes.get(s)), predicted,
                    times.get(times.size() - schemes.size() + s)));
        }
        return new LatencyFile(Environment.current(KernelProvider.get().name(), 1), config.quantizers().toString(),
                table, checks);
    }

    private void addLayers() {
        Map<Object, Integer> measured = new HashMap<>();
        List<LayerShape> shapes = config.network().shapes();
        for (Entry entry : LatencyTable.needed(shapes, config.spaces())) {
            Linear linear = codes.linear("layer", entry);
            places.put(entry, measured.computeIfAbsent(
                    List.of(entry.inputs(), entry.outputs(), String.valueOf(entry.function()), LayerCodes.work(linear)),
                    _ -> contend(new PackedModel(operations(List.of(linear), List.of(entry)), Map.of()))));
        }
    }

    /** A random scheme: an entry for each layer. */
    private Map<String, Entry> scheme() {
        Map<String, Entry> scheme = new LinkedHashMap<>();
        for (int l = 0; l < config.spaces().size(); l++) {
            LayerShape shape = config.network().shapes().get(l);
            scheme.put(shape.name(), Entry.of(shape, any(config.spaces().get(l).space().weights()),
                    any(config.spaces().get(l).space().activations())));
        }
        return scheme;
    }

    private Candidate any(List<Candidate> candidates) {
        return candidates.get(random.nextInt(candidates.size()));
    }

    private PackedModel whole(Map<String, Entry> scheme) {
        List<Linear> linears = new ArrayList<>();
        scheme.forEach((name, entry) -> linears.add(codes.linear(name, entry)));
        return new PackedModel(operations(linears, List.copyOf(scheme.values())), Map.of());
    }

    private PackedModel chain(int length) {
        Entry entry = new Entry(TINY, TINY, null, Candidate.FLOAT32, Candidate.FLOAT32);
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            operations.add(codes.linear("tiny" + i, entry));
        }
        return new PackedModel(operations, Map.of());
    }

    private static List<Operation> operations(List<Linear> linears, List<Entry> entries) {
        List<Operation> operations = new ArrayList<>();
        for (int l = 0; l < linears.size(); l++) {
            operations.add(linears.get(l));
            ActivationFunction function = entries.get(l).function();
            if (function != null) {
                operations.add(new Activation("activation" + (l + 1), function));
            }
        }
        return operations;
    }

    /** Enters a model; returns its place among the contenders. */
    private int contend(PackedModel model) {
        Session session = LatencyBenchmark.compiled(model);
        float[] input = LayerCodes.noise(random, model.inputs());
        float[] output = new float[model.outputs()];
        contenders.add(() -> session.run(input, output));
        return contenders.size() - 1;
    }

    private static String describe(Map<String, Entry> scheme) {
        return String.join(", ", scheme.values().stream()
                .map(entry -> entry.weights() + "/" + entry.activations()).toList());
    }
}
