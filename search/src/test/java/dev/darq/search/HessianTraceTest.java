package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HessianTraceTest {
    private static final Blobs EXAMPLES = new Blobs(24, 5, 3, 2);
    private static final Batch BATCH = Batch.of(EXAMPLES, Batch.inOrder(24), 0, 24);

    private static Network network(Integer... layers) {
        return Network.create(new MlpSpec(List.of(layers), ActivationFunction.TANH),
                SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32), QuantizerSettings.DEFAULT, 7);
    }

    /** Probabilities {@code [batch, classes]} of softmax regression. */
    private static double[][] probabilities(Network network) {
        float[] logits = Evaluation.logits(network, EXAMPLES);
        double[][] p = new double[24][3];
        for (int b = 0; b < 24; b++) {
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                p[b][c] = Math.exp(logits[b * 3 + c]);
                sum += p[b][c];
            }
            for (int c = 0; c < 3; c++) {
                p[b][c] /= sum;
            }
        }
        return p;
    }

    @Test
    void ofSoftmaxRegressionByTheWeightsItIsTheClosedForm() {
        Network network = network(5, 3);
        double[][] p = probabilities(network);
        double trace = 0;
        for (int b = 0; b < 24; b++) {
            for (int c = 0; c < 3; c++) {
                for (int k = 0; k < 5; k++) {
                    double x = BATCH.features()[b * 5 + k];
                    trace += x * x * p[b][c] * (1 - p[b][c]) / 24;
                }
            }
        }
        double estimate = new HessianTrace(network, BATCH).average(0, Role.WEIGHTS, 4000, new SplittableRandom(1));
        assertEquals(trace / 15, estimate, 0.02 * trace / 15);
    }

    @Test
    void ofSoftmaxRegressionByTheInputsItIsTheClosedForm() {
        Network network = network(5, 3);
        double[][] p = probabilities(network);
        float[] w = network.layers().getFirst().weight().value();
        double trace = 0;
        for (int b = 0; b < 24; b++) {
            for (int k = 0; k < 5; k++) {
                double mean = 0;
                double square = 0;
                for (int c = 0; c < 3; c++) {
                    mean += p[b][c] * w[c * 5 + k];
                    square += p[b][c] * w[c * 5 + k] * w[c * 5 + k];
                }
                trace += (square - mean * mean) / 24;
            }
        }
        int size = 24 * 5;
        double estimate = new HessianTrace(network, BATCH).average(0, Role.ACTIVATIONS, 2000, new SplittableRandom(1));
        assertEquals(trace / size, estimate, 0.03 * trace / size);
    }

    @Test
    void ofADeepNetworkItIsTheSumOfSecondDifferencesAlongEveryWeight() {
        Network network = network(5, 4, 3);
        for (int l = 0; l < 2; l++) {
            float[] weights = network.layers().get(l).weight().value();
            double trace = 0;
            for (int i = 0; i < weights.length; i++) {
                float kept = weights[i];
                weights[i] = kept + 0.02f;
                double above = gradient(network, l, i);
                weights[i] = kept - 0.02f;
                double below = gradient(network, l, i);
                weights[i] = kept;
                trace += (above - below) / 0.04;
            }
            double estimate = new HessianTrace(network, BATCH).average(l, Role.WEIGHTS, 4000, new SplittableRandom(3));
            assertEquals(trace / weights.length, estimate, 0.05 * Math.abs(trace / weights.length), "layer " + l);
        }
    }

    private static double gradient(Network network, int layer, int index) {
        network.layers().forEach(each -> each.weight().clearGradient());
        try (NDManager manager = NDManager.newBaseManager()) {
            double loss = Training.lossAndGradients(manager, network, BATCH, Pass.TRAIN_FLOAT);
            FiniteCheck.loss("test", "loss", 1, loss);
        }
        return network.layers().get(layer).weight().gradient()[index];
    }

    @Test
    void theInputsOfALayerAreWhatTheLayerBeforeGives() {
        Network network = network(5, 4, 3);
        float[] inputs = new HessianTrace(network, BATCH).inputs(1);
        float[] w = network.layers().getFirst().weight().value();
        double sum = 0;
        for (int k = 0; k < 5; k++) {
            sum += (double) w[2 * 5 + k] * BATCH.features()[3 * 5 + k];
        }
        assertEquals(Math.tanh(sum), inputs[3 * 4 + 2], 1e-6);
    }
}
