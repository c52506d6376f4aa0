package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Latency at batch 1 on one thread, packed against float32 in the same process. */
public final class ModelBenchmark {
    private static final int[] EXAMPLE_LAYERS = {784, 512, 10};

    private ModelBenchmark() {}

    /**
     * Times a model and each of its operations against the same in float32 on the kernels, and the whole against libtorch.
     *
     * @param model the packed model
     */
    public static Table ofModel(PackedModel model) {
        PackedModel twin = floatTwin(model);
        SplittableRandom random = new SplittableRandom(1);
        List<LatencyBenchmark.Contender> contenders = new ArrayList<>();
        Session packed = LatencyBenchmark.compiled(model);
        Session plain = LatencyBenchmark.compiled(twin);
        for (int i = 0; i < model.operations().size(); i++) {
            float[] input = LayerCodes.noise(random, packed.inputsOf(i));
            contenders.add(operation(packed, i, input));
            contenders.add(operation(plain, i, input));
        }
        float[] input = LayerCodes.noise(random, model.inputs());
        contenders.add(whole(packed, input, model.outputs()));
        contenders.add(whole(plain, input, model.outputs()));
        Table table = table("operation");
        try (TorchMlp torch = new TorchMlp(model)) {
            contenders.add(() -> torch.run(input));
            List<Double> times = LatencyBenchmark.medianMicroseconds(contenders);
            for (int i = 0; i < model.operations().size(); i++) {
                double ours = times.get(2 * i);
                double floats = times.get(2 * i + 1);
                table.row(Cell.of(model.operations().get(i).name()), Cell.number(ours, 2), Cell.number(floats, 2),
                        Cell.NONE, Cell.times(floats / ours, 2), Cell.NONE);
            }
            row(table, "whole network", times.get(times.size() - 3), times.get(times.size() - 2), times.getLast());
        }
        return table;
    }

    /** Times networks 784-512-10 with random weights at 1 to 4 bits (weights and activations) against float32. */
    public static Table ofExamples() {
        SplittableRandom random = new SplittableRandom(1);
        float[] input = LayerCodes.noise(random, EXAMPLE_LAYERS[0]);
        List<LatencyBenchmark.Contender> contenders = new ArrayList<>();
        PackedModel model = example(random, 1);
        contenders.add(whole(LatencyBenchmark.compiled(model), input, model.outputs()));
        for (int bits = 2; bits <= 4; bits++) {
            model = example(random, bits);
            contenders.add(whole(LatencyBenchmark.compiled(model), input, model.outputs()));
        }
        contenders.add(whole(LatencyBenchmark.compiled(floatTwin(model)), input, model.outputs()));
        Table table = table("network 784-512-10");
        try (TorchMlp torch = new TorchMlp(model)) {
            contenders.add(() -> torch.run(input));
            List<Double> times = LatencyBenchmark.medianMicroseconds(contenders);
            for (int bits = 1; bits <= 4; bits++) {
                row(table, bits + "/" + bits + " bits", times.get(bits - 1), times.get(4), times.getLast());
            }
        }
        return table;
    }

    private static Table table(String first) {
        return new Table().text(first).number("us, packed").number("us, float32 kernel").number("us, float32 libtorch")
                .number("speed-up over the kernel").number("over libtorch");
    }

    private static void row(Table table, String name, double packed, double kernel, double torch) {
        table.row(Cell.of(name), Cell.number(packed, 2), Cell.number(kernel, 2), Cell.number(torch, 2),
                Cell.times(kernel / packed, 2), Cell.times(torch / packed, 2));
    }

    private static LatencyBenchmark.Contender operation(Session session, int operation, float[] input) {
        float[] output = new float[session.outputsOf(operation)];
        return () -> session.runOperation(operation, input, output);
    }

    private static LatencyBenchmark.Contender whole(Session session, float[] input, int outputs) {
        float[] output = new float[outputs];
        return () -> session.run(input, output);
    }

    /** The same network with its weights decoded to float32 and its activations left alone. */
    static PackedModel floatTwin(PackedModel model) {
        List<Operation> operations = new ArrayList<>();
        for (Operation operation : model.operations()) {
            operations.add(switch (operation) {
                case Linear linear -> new Linear(linear.name(),
                        new FloatWeights(linear.weights().rows(), linear.weights().columns(), 32,
                                linear.weights().decode()),
                        new FloatActivation(32), linear.bias());
                case Activation activation -> activation;
            });
        }
        return new PackedModel(operations, Map.of());
    }

    private static PackedModel example(SplittableRandom random, int bits) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i + 1 < EXAMPLE_LAYERS.length; i++) {
            int columns = EXAMPLE_LAYERS[i];
            int rows = EXAMPLE_LAYERS[i + 1];
            int[] codes = random.ints((long) rows * columns, 0, 1 << bits).toArray();
            float[] basis = new float[rows * bits];
            for (int k = 0; k < basis.length; k++) {
                basis[k] = 0.02f * (1 << (k % bits)) / (1 << bits);
            }
            float[] levels = new float[bits];
            for (int k = 0; k < bits; k++) {
                levels[k] = (float) (1 << k) / (1 << bits);
            }
            if (i > 0) {
                operations.add(new Activation("activation" + i, ActivationFunction.TANH));
            }
            operations.add(new Linear("linear" + (i + 1),
                    BinaryCode.fromCodes(rows, columns, bits, basis, new float[rows], codes),
                    new LevelActivation(levels, 0), new float[rows]));
        }
        return new PackedModel(operations, Map.of());
    }
}
