package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Parameter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The linear layers as mixed operations.
 *
 * @param tape   the step
 * @param pass   how the network is run
 * @param before hears the layers and what they read, before they run
 */
record MixedLinears(Tape tape, Pass pass, BiConsumer<List<MixedLinear>, NDArray> before) implements Linears {
    MixedLinears(Tape tape, Pass pass) {
        this(tape, pass, (layers, x) -> {});
    }

    /** Layers that share the quantizers of their input have it quantized once. */
    @Override
    public List<NDArray> apply(List<MixedLinear> layers, NDArray x) {
        before.accept(layers, x);
        boolean below = tape.hasLeaf();
        NDArray source = layers.size() > 1 ? fork(x) : x;
        Map<MixedInput, NDArray> quantized = new IdentityHashMap<>();
        List<NDArray> outputs = new ArrayList<>();
        for (MixedLinear layer : layers) {
            NDArray input = quantized.computeIfAbsent(layer.input(),
                    mixed -> mixed.quantize(tape, source, pass, below));
            outputs.add(layer.product(tape, input, below, pass));
        }
        return outputs;
    }

    @Override
    public NDArray fork(NDArray x) {
        return tape.fork(x);
    }

    @Override
    public NDArray parameter(Parameter parameter, Shape shape) {
        return pass.gradients().ofWeights()
                ? tape.parameter(parameter, shape)
                : tape.constant(parameter.value(), shape);
    }
}
