package dev.darq.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the kernels that a model needs, on tiny layers of the same kinds: until it is compiled, code on vectors runs a
 * thousand times slower. What was compiled for one model serves all of the process.
 */
final class WarmUp {
    private static final int ROWS = 64;
    private static final int COLUMNS = 128;
    /** A kernel that has not overtaken the scalar one by then never will. */
    private static final long LONGEST_NANOS = 2_000_000_000L;

    private static final Set<Kind> WARM = ConcurrentHashMap.newKeySet();

    private WarmUp() {}

    /** What decides which code runs for a layer. */
    private record Kind(Kernel kernel, Class<?> weights, int weightBits, Class<?> input, int inputBits, boolean batched,
            @Nullable ActivationFunction function) {}

    private record Layer(Linear linear, Kind kind) {}

    /** Whether every kernel of a model has been compiled before. */
    static boolean isWarm(PackedModel model, int batch) {
        return layers(model, batch).stream().map(Layer::kind).allMatch(WARM::contains);
    }

    /** Runs tiny layers until each is faster than the scalar kernel. */
    static void compile(PackedModel model, KernelProvider provider, int batch) {
        for (Layer layer : layers(model, batch)) {
            Linear linear = layer.linear;
            Kind kind = layer.kind;
            if (!WARM.contains(kind)) {
                Linear tiny = new Linear("tiny", tiny(linear.weights()), linear.input(),
                        Arrays.copyOf(linear.bias(), Math.min(ROWS, linear.bias().length)));
                Trial.overtakes(trial(kind, tiny, provider, batch), trial(kind, tiny, new ScalarProvider(), batch),
                        LONGEST_NANOS);
                WARM.add(kind);
            }
        }
    }

    private static Trial trial(Kind kind, Linear linear, KernelProvider provider, int batch) {
        PreparedLinear prepared = new PreparedLinear(provider.product(kind.kernel, linear),
                kind.function == null ? null : provider.function(kind.function));
        return new Trial(prepared, batch);
    }

    private static List<Layer> layers(PackedModel model, int batch) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < model.operations().size(); i++) {
            if (model.operations().get(i) instanceof Linear linear) {
                ActivationFunction function = i + 1 < model.operations().size()
                        && model.operations().get(i + 1) instanceof Activation next ? next.function() : null;
                layers.add(new Layer(linear, new Kind(Kernel.of(linear, batch), linear.weights().getClass(),
                        linear.weights().bits(), linear.input().getClass(), linear.input().bits(), batch > 1,
                        function)));
            }
        }
        return layers;
    }

    private static WeightCode tiny(WeightCode weights) {
        int rows = Math.min(ROWS, weights.rows());
        int columns = Math.min(COLUMNS, weights.columns());
        return switch (weights) {
            case BinaryCode code -> new BinaryCode(rows, columns, code.bits(),
                    Arrays.copyOf(code.basis(), rows * code.bits()), Arrays.copyOf(code.offset(), rows),
                    new long[rows * code.bits() * BinaryCode.words(columns)]);
            case IntegerWeights code ->
                new IntegerWeights(rows, columns, new short[rows * columns], Arrays.copyOf(code.scale(), rows));
            case GroupedWeights _ -> new FloatWeights(rows, columns, 32, new float[rows * columns]);
            case FloatWeights code -> new FloatWeights(rows, columns, code.bits(), new float[rows * columns]);
        };
    }
}
