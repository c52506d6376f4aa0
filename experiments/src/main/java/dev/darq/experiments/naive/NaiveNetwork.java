package dev.darq.experiments.naive;

import dev.darq.kernels.Activation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A packed model in plain loops, one sample after the other on the calling thread: what the kernels are measured against.
 * For one thread at a time.
 */
public final class NaiveNetwork {
    private final List<Step> steps = new ArrayList<>();

    /** One operation. */
    sealed interface Step permits FloatLoop, BitLoop, FunctionLoop {
        /** The results, in an array that the next call overwrites, of the values in {@code x} from {@code xAt} on. */
        float[] run(float[] x, int xAt);
    }

    private NaiveNetwork(PackedModel model, Function<Linear, Step> loop) {
        int width = model.inputs();
        for (Operation operation : model.operations()) {
            steps.add(switch (operation) {
                case Linear linear -> loop.apply(linear);
                case Activation activation -> new FunctionLoop(activation.function(), width);
            });
            width = operation instanceof Linear linear ? linear.weights().rows() : width;
        }
    }

    /** Float32: the weights are decoded, the inputs of the layers are not quantized. */
    public static NaiveNetwork floats(PackedModel model) {
        return new NaiveNetwork(model, FloatLoop::new);
    }

    /**
     * The loop of the thesis: planes in words of 32 bits.
     *
     * @throws IllegalArgumentException if the weights of a layer are no {@link dev.darq.kernels.BinaryCode} or its inputs no
     *                                  {@link dev.darq.kernels.LevelActivation}; the message names it
     */
    public static NaiveNetwork words(PackedModel model) {
        return new NaiveNetwork(model, BitLoop::new);
    }

    /**
     * Infers one sample.
     *
     * @param input  holds the sample, {@code [inputs]}, from {@code inputAt} on
     * @param output takes the results, {@code [outputs]}, from {@code outputAt} on
     */
    public void run(float[] input, int inputAt, float[] output, int outputAt) {
        float[] x = input;
        int xAt = inputAt;
        for (Step step : steps) {
            x = step.run(x, xAt);
            xAt = 0;
        }
        System.arraycopy(x, 0, output, outputAt, x.length);
    }
}
