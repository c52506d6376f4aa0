package dev.darq.experiments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.kernels.Activation;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Constants;
import java.util.ArrayList;
import java.util.List;

/**
 * The float32 network on libtorch, as a JVM user would run it today: weights resident in libtorch's memory, one thread
 * (which libtorch keeps), input and output as Java arrays. The peer of the latency comparison.
 */
public final class TorchMlp implements AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager();
    private final List<Layer> layers = new ArrayList<>();
    private final int inputs;

    private record Layer(NDArray weight, NDArray bias, List<Activation> after) {}

    /**
     * Loads a network.
     *
     * @param model any packed model; its weights are decoded to float32
     */
    public TorchMlp(PackedModel model) {
        inputs = model.inputs();
        JniUtils.setNumThreads(1);
        for (Operation operation : model.operations()) {
            switch (operation) {
                case dev.darq.kernels.Linear linear -> {
                    int rows = linear.weights().rows();
                    layers.add(new Layer(
                            Constants.copy(manager, linear.weights().decode(),
                                    new Shape(rows, linear.weights().columns())),
                            Constants.copy(manager, linear.bias(), new Shape(rows)), new ArrayList<>()));
                }
                case Activation activation -> layers.getLast().after().add(activation);
            }
        }
    }

    /**
     * Logits of a batch.
     *
     * @param input {@code [batch, inputs]}
     * @return {@code [batch, outputs]}
     */
    public float[] run(float[] input) {
        try (NDManager step = manager.newSubManager()) {
            NDArray value = step.create(input, new Shape(input.length / inputs, inputs));
            for (Layer layer : layers) {
                value = Linear.linear(value, layer.weight, layer.bias).singletonOrThrow();
                value.attach(step);
                for (Activation activation : layer.after) {
                    value = apply(activation, value);
                }
            }
            return value.toFloatArray();
        }
    }

    private static NDArray apply(Activation activation, NDArray value) {
        return switch (activation.function()) {
            case TANH -> ai.djl.nn.Activation.tanh(value);
            case RELU -> ai.djl.nn.Activation.relu(value);
            case SIGMOID -> ai.djl.nn.Activation.sigmoid(value);
            case GELU -> ai.djl.nn.Activation.gelu(value);
        };
    }

    @Override
    public void close() {
        manager.close();
    }
}
