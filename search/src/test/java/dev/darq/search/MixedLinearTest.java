package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.QuantizerSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients across Darq's sweeps and libtorch's graph, held against finite differences. */
class MixedLinearTest {
    private static final Batch BATCH = Batch.of(new Blobs(16, 6, 3, 1), Batch.inOrder(16), 0, 16);

    private static SearchSpace space(String... candidates) {
        List<Candidate> all = List.of(candidates).stream().map(Candidate::parse).toList();
        return new SearchSpace(all, all);
    }

    private static Network calibrated(NetworkSpec spec, SearchSpace space) {
        Network network = Network.create(spec, space, QuantizerSettings.DEFAULT, 5);
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, false)) {
            network.calibrate(tape, tape.constant(BATCH.features(), new Shape(16, 6)));
        }
        return network;
    }

    private static double loss(Network network, Pass pass) {
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, false)) {
            NDArray x = tape.constant(BATCH.features(), new Shape(16, 6));
            return CrossEntropy.loss(tape, network.forward(tape, x, pass), BATCH.labels()).getFloat();
        }
    }

    private static void backward(Network network, Pass pass) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Training.lossAndGradients(manager, network, BATCH, pass);
        }
    }

    @ParameterizedTest
    @EnumSource(value = ActivationFunction.class, mode = EnumSource.Mode.EXCLUDE, names = "RELU") // it has a kink
    void weightGradientsOfTheFloatNetworkMatchFiniteDifferences(ActivationFunction function) {
        Network network = calibrated(new MlpSpec(List.of(6, 5, 4, 3), function), space("float32"));
        backward(network, Pass.TRAIN_FLOAT);
        for (MixedLinear layer : network.layers()) {
            for (Parameter parameter : List.of(layer.weight(), layer.bias())) {
                for (int i = 0; i < parameter.value().length; i += 2) {
                    double expected = FiniteDifferences.slope(parameter.value(), i, 1e-3,
                            () -> loss(network, Pass.EVALUATE_FLOAT));
                    assertEquals(expected, parameter.gradient()[i], 2e-3, parameter.name() + "[" + i + "]");
                }
            }
        }
    }

    @Test
    void alphaGradientsOfTheMixtureMatchFiniteDifferences() {
        Network network = calibrated(new MlpSpec(List.of(6, 5, 4, 3), ActivationFunction.TANH),
                space("lq1", "lq2", "lsq+4", "pact4", "uniform2", "float32"));
        int seed = 0;
        for (MixedTensor tensor : network.tensors()) {
            tensor.choice().temperature(0.7);
            for (int j = 0; j < tensor.alpha().value().length; j++) {
                tensor.alpha().value()[j] = (float) Math.sin(seed++);
            }
        }
        backward(network, Pass.OUTER);
        network.choices().forEach(RelaxedChoice::finishGradient);
        // The last layer's activations feed no rounding below them: there finite differences see what backward sees.
        MixedLinear last = network.layers().getLast();
        List<MixedTensor> smooth = List.of(last.weights(), last.activations());
        for (MixedTensor tensor : smooth) {
            for (int j = 0; j < tensor.alpha().value().length; j++) {
                double expected = FiniteDifferences.slope(tensor.alpha().value(), j, 1e-2,
                        () -> loss(network, Pass.EVALUATE_SOFT));
                assertEquals(expected, tensor.alpha().gradient()[j], 1e-4, tensor.alpha().name() + "[" + j + "]");
            }
        }
    }

    @Test
    void outerStepsLeaveWeightsAndQuantizersWithoutGradient() {
        Network network = calibrated(new MlpSpec(List.of(6, 5, 3), ActivationFunction.TANH), space("lsq+4", "pact2"));
        backward(network, Pass.OUTER);
        for (Parameter parameter : network.otherParameters()) {
            for (float gradient : parameter.gradient()) {
                assertEquals(0, gradient, parameter.name());
            }
        }
        for (Parameter parameter : network.weightMatrices()) {
            for (float gradient : parameter.gradient()) {
                assertEquals(0, gradient, parameter.name());
            }
        }
    }

    @Test
    void aMixtureOfOneCandidateIsThatCandidate() {
        Network network = calibrated(new MlpSpec(List.of(6, 5, 3), ActivationFunction.TANH), space("lsq+2"));
        assertEquals(loss(network, Pass.EVALUATE_HARD), loss(network, Pass.EVALUATE_SOFT));
    }

    @Test
    void alphaGradientsOfASampleMatchFiniteDifferencesWithTheSameDraw() {
        Network network = calibrated(new MlpSpec(List.of(6, 5, 3), ActivationFunction.TANH),
                space("lq1", "lq2", "lsq+4", "uniform2", "float32"));
        draw(network, new GumbelSoftmax(false));
        backward(network, Pass.OUTER);
        network.choices().forEach(RelaxedChoice::finishGradient);
        Pass sampled = new Pass(Pass.Quantization.SAMPLED, Pass.Gradients.NONE, false);
        for (MixedTensor tensor : network.layers().getLast().tensors()) {
            for (int j = 0; j < tensor.alpha().value().length; j++) {
                double expected = FiniteDifferences.slope(tensor.alpha().value(), j, 1e-2,
                        () -> loss(network, sampled));
                assertEquals(expected, tensor.alpha().gradient()[j], 1e-4, tensor.alpha().name() + "[" + j + "]");
            }
        }
    }

    private static void draw(Network network, Relaxation relaxation) {
        for (MixedTensor tensor : network.tensors()) {
            tensor.choice().relaxation(relaxation);
            tensor.choice().temperature(0.8);
            tensor.choice().draw(4);
        }
    }

    @Test
    void aHardSampleRunsOneCandidateAndTeachesAll() {
        Network network = calibrated(new MlpSpec(List.of(6, 5, 3), ActivationFunction.TANH),
                space("lq1", "lq2", "lsq+4", "float32"));
        draw(network, new GumbelSoftmax(true));
        MixedTensor weights = network.layers().getLast().weights();
        double[] mixture = weights.choice().mixture(Pass.OUTER);
        int drawn = 0;
        while (mixture[drawn] != 1) {
            drawn++;
        }
        backward(network, Pass.OUTER);
        network.choices().forEach(RelaxedChoice::finishGradient);
        for (float gradient : weights.alpha().gradient()) {
            assertNotEquals(0, gradient);
        }
        double loss = loss(network, new Pass(Pass.Quantization.SAMPLED, Pass.Gradients.NONE, false));
        // The same candidates by alpha: what is drawn is what runs.
        for (MixedTensor tensor : network.tensors()) {
            double[] one = tensor.choice().mixture(Pass.OUTER);
            for (int j = 0; j < one.length; j++) {
                tensor.alpha().value()[j] = (float) (100 * one[j]);
            }
        }
        assertEquals(loss, loss(network, Pass.EVALUATE_HARD));
    }

    @Test
    void onePassForAllGradientsAddsWhatThePassesForEachDo() {
        Network network = calibrated(new MlpSpec(List.of(6, 5, 4, 3), ActivationFunction.TANH),
                space("lq1", "lsq+4", "pact4", "float32"));
        List<Parameter> all = new ArrayList<>(network.weightMatrices());
        all.addAll(network.otherParameters());
        network.tensors().forEach(tensor -> all.add(tensor.alpha()));
        // In this order: an outer pass clears gradients of quantizers.
        backward(network, Pass.OUTER);
        network.choices().forEach(RelaxedChoice::finishGradient);
        backward(network, Pass.VIRTUAL_INNER);
        List<float[]> expected = all.stream().map(parameter -> parameter.gradient().clone()).toList();
        all.forEach(Parameter::clearGradient);
        backward(network, Pass.VIRTUAL_OUTER);
        network.choices().forEach(RelaxedChoice::finishGradient);
        for (int k = 0; k < all.size(); k++) {
            assertArrayEquals(expected.get(k), all.get(k).gradient(), 1e-7f, all.get(k).name());
        }
    }

    /** The layers are large enough for sweeps and products to be shared. */
    @Test
    void twoThreadsFindTheGradientsOfOne() {
        int threads = JniUtils.getNumThreads();
        try {
            List<float[]> alone = gradientsOnThreads(1);
            List<float[]> together = gradientsOnThreads(2);
            assertEquals(2, JniUtils.getNumThreads());
            for (int k = 0; k < alone.size(); k++) {
                assertArrayEquals(alone.get(k), together.get(k), 1e-5f, "parameter " + k);
                assertArrayEquals(together.get(k), gradientsOnThreads(2).get(k), "parameter " + k + " again");
            }
        } finally {
            JniUtils.setNumThreads(threads);
        }
    }

    private static List<float[]> gradientsOnThreads(int threads) {
        JniUtils.setNumThreads(threads);
        Network network = Network.create(new MlpSpec(List.of(256, 128, 128, 4), ActivationFunction.TANH),
                space("lq2", "lsq+4", "float32"), QuantizerSettings.DEFAULT, 5);
        Batch batch = Batch.of(new Blobs(128, 256, 4, 1), Batch.inOrder(128), 0, 128);
        try (NDManager manager = NDManager.newBaseManager()) {
            try (Tape tape = new Tape(manager, false)) {
                network.calibrate(tape, tape.constant(batch.features(), new Shape(128, 256)));
            }
            Training.lossAndGradients(manager, network, batch, Pass.SINGLE_LEVEL);
        }
        network.choices().forEach(RelaxedChoice::finishGradient);
        List<float[]> gradients = new ArrayList<>();
        network.layers()
                .forEach(layer -> gradients.addAll(List.of(layer.weight().gradient(), layer.bias().gradient())));
        network.choices().forEach(choice -> gradients.add(choice.alpha().gradient()));
        return gradients;
    }
}
