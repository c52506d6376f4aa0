package dev.darq.search;

import dev.darq.kernels.Activation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import java.util.Arrays;

/**
 * A packed model as its codes say, without bitwise products: the inputs of each layer are quantized to floats and
 * multiplied with the decoded weights. What a fake-quantized network computes.
 */
public final class DecodedNetwork {
    private static final int BATCH = 1024;

    private DecodedNetwork() {}

    /**
     * Logits of every example.
     *
     * @return row-major {@code [examples, outputs]}
     */
    public static float[] logits(PackedModel model, Examples examples) {
        int outputs = model.outputs();
        float[] all = new float[examples.size() * outputs];
        int[] order = Batch.inOrder(examples.size());
        for (int from = 0; from < order.length; from += BATCH) {
            Batch batch = Batch.of(examples, order, from, Math.min(from + BATCH, order.length));
            float[] values = batch.features();
            for (Operation operation : model.operations()) {
                values = switch (operation) {
                    case Activation activation -> applied(activation, values);
                    case Linear linear -> LinearRun.outputs(LinearRun.decoded(linear),
                            LinearRun.quantized(linear.input(), values, batch.size()), batch.size());
                };
            }
            System.arraycopy(values, 0, all, from * outputs, values.length);
        }
        return all;
    }

    /** The activation function of each value, a new array. */
    static float[] applied(Activation activation, float[] values) {
        float[] applied = Arrays.copyOf(values, values.length);
        for (int i = 0; i < applied.length; i++) {
            applied[i] = activation.function().apply(applied[i]);
        }
        return applied;
    }
}
