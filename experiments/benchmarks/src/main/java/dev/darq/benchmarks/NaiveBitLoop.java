package dev.darq.benchmarks;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loop of the thesis: planes in words of 32 bits, {@code Integer.bitCount(w ^ x)} word by word, plane pair by plane
 * pair, row by row; each input is encoded by a search among the thresholds. For LQ codes without offsets.
 */
final class NaiveBitLoop implements Contender {
    private final Workload workload;
    private final List<Layer> layers = new ArrayList<>();
    private final float[] output;

    private static final class Layer {
        final BinaryCode code;
        final LevelActivation input;
        final float[] bias;
        final int words;
        /** {@code [rows, bits, words]}. */
        final int[] weights;
        /** {@code [bits, words]}. */
        final int[] planes;
        final float[] y;

        Layer(Linear linear) {
            code = (BinaryCode) linear.weights();
            input = (LevelActivation) linear.input();
            bias = linear.bias();
            words = (code.columns() + 31) / 32;
            weights = new int[code.rows() * code.bits() * words];
            int longs = (code.columns() + 63) / 64;
            for (int i = 0; i < weights.length; i++) {
                long pair = code.planes()[i / words * longs + i % words / 2];
                weights[i] = (int) (pair >>> 32 * (i % words % 2));
            }
            planes = new int[input.bits() * words];
            y = new float[code.rows()];
        }
    }

    NaiveBitLoop(Workload workload, PackedModel model) {
        this.workload = workload;
        for (Operation operation : model.operations()) {
            if (operation instanceof Linear linear) {
                layers.add(new Layer(linear));
            }
        }
        output = new float[workload.batch() * model.outputs()];
    }

    @Override
    public Object run() {
        Network network = workload.network();
        for (int sample = 0; sample < workload.batch(); sample++) {
            float[] x = workload.input();
            int xAt = sample * network.inputs();
            for (Layer layer : layers) {
                if (layer != layers.getFirst()) {
                    NaiveFloatLoop.tanh(x);
                }
                encode(layer, x, xAt);
                multiply(layer);
                x = layer.y;
                xAt = 0;
            }
            System.arraycopy(x, 0, output, sample * network.outputs(), network.outputs());
        }
        return output;
    }

    private static void encode(Layer layer, float[] x, int xAt) {
        Arrays.fill(layer.planes, 0);
        for (int i = 0; i < layer.code.columns(); i++) {
            int code = layer.input.levels().codes()[layer.input.levels().encode(x[xAt + i])];
            for (int bit = 0; bit < layer.input.bits(); bit++) {
                layer.planes[bit * layer.words + (i >> 5)] |= (code >> bit & 1) << i;
            }
        }
    }

    private static void multiply(Layer layer) {
        int bits = layer.code.bits();
        for (int row = 0; row < layer.code.rows(); row++) {
            float sum = layer.bias[row];
            for (int i = 0; i < bits; i++) {
                for (int j = 0; j < layer.input.bits(); j++) {
                    int wAt = (row * bits + i) * layer.words;
                    int xAt = j * layer.words;
                    int different = 0;
                    for (int word = 0; word < layer.words; word++) {
                        different += Integer.bitCount(layer.weights[wAt + word] ^ layer.planes[xAt + word]);
                    }
                    sum += layer.code.basis()[row * bits + i] * layer.input.basis()[j]
                            * (layer.code.columns() - 2 * different);
                }
            }
            layer.y[row] = sum;
        }
    }

    @Override
    public float[] output() {
        return output;
    }
}
