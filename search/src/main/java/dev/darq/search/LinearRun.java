package dev.darq.search;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.PackedModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs single linear layers over many samples, on the kernels. */
final class LinearRun {
    private static final int BATCH = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private LinearRun() {}

    /**
     * The outputs of a layer, computed as a packed model computes them.
     *
     * @param inputs {@code [samples, columns]}
     * @return {@code [samples, rows]}
     */
    static float[] outputs(Linear layer, float[] inputs, int samples) {
        PackedModel model = new PackedModel(List.of(layer), Map.of());
        var session = model.session(Math.min(samples, BATCH));
        session.warmUp(WARM_UP);
        float[] outputs = new float[samples * model.outputs()];
        session.run(inputs, samples, outputs);
        return outputs;
    }

    /** The same layer with its quantized weights as floats, for inputs that are quantized already. */
    static Linear decoded(Linear layer) {
        int rows = layer.weights().rows();
        int columns = layer.weights().columns();
        return new Linear(layer.name(), new FloatWeights(rows, columns, Float.SIZE, layer.weights().decode()),
                new FloatActivation(Float.SIZE), layer.bias());
    }

    /** The quantized inputs {@code [samples, columns]}; each sample by itself, since it may have a scale of its own. */
    static float[] quantized(ActivationCode code, float[] inputs, int samples) {
        float[] quantized = new float[inputs.length];
        int columns = inputs.length / samples;
        for (int i = 0; i < samples; i++) {
            code.quantize(inputs, i * columns, columns, quantized, i * columns);
        }
        return quantized;
    }
}
