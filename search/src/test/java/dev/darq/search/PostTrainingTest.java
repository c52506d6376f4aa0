package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostTrainingTest {
    private static final Examples EXAMPLES = new Blobs(600, 37, 5, 3);
    private static final PackedModel NETWORK = network(37, 40, 21, 5);

    private static PackedModel network(int... sizes) {
        SplittableRandom random = new SplittableRandom(9);
        List<dev.darq.kernels.Operation> operations = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            if (i > 0) {
                operations.add(new Activation("activation" + i, ActivationFunction.TANH));
            }
            float[] weights = new float[sizes[i] * sizes[i + 1]];
            for (int k = 0; k < weights.length; k++) {
                weights[k] = (float) (random.nextGaussian() / Math.sqrt(sizes[i]));
            }
            operations.add(new Linear("linear" + (i + 1), new FloatWeights(sizes[i + 1], sizes[i], 32, weights),
                    new FloatActivation(32), new float[sizes[i + 1]]));
        }
        return new PackedModel(operations, Map.of());
    }

    private static PostTrainingSettings settings(String weights, String activations, boolean compensated,
            boolean corrected) {
        LayerCandidates choice = new LayerCandidates(Candidate.parse(weights), Candidate.parse(activations));
        return new PostTrainingSettings(List.of(choice, choice, choice), QuantizerSettings.DEFAULT, 500, 1,
                compensated, corrected);
    }

    private static PostTraining.Result quantize(PostTrainingSettings settings) {
        return PostTraining.quantize(NETWORK, EXAMPLES, settings, Map.of(), (layer, done, layers) -> {});
    }

    private static double logitError(PackedModel model) {
        float[] expected = DecodedNetwork.logits(NETWORK, EXAMPLES);
        float[] actual = new float[expected.length];
        float[] inputs = new float[EXAMPLES.size() * 37];
        for (int i = 0; i < EXAMPLES.size(); i++) {
            EXAMPLES.features(i, inputs, i * 37);
        }
        model.session(8).run(inputs, EXAMPLES.size(), actual);
        return -LayerErrors.decibels(expected, actual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lq1", "lq2", "lq3", "uniform4", "pact3"})
    void theCorrectionBringsEveryLayerNearerToTheFloatLayer(String candidate) {
        PostTraining.Result corrected = quantize(settings(candidate, candidate, false, true));
        for (LayerErrors layer : corrected.layers()) {
            assertTrue(layer.correctedOutput() >= layer.outputs(), layer.toString());
        }
        PostTraining.Result plain = quantize(settings(candidate, candidate, false, false));
        plain.layers().forEach(layer -> assertEquals(layer.outputs(), layer.correctedOutput()));
        assertTrue(logitError(corrected.model()) < logitError(plain.model()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lq1", "lq2", "lq3", "uniform3"})
    void compensatedErrorsAreSmallerInTheEnd(String candidate) {
        double plain = logitError(quantize(settings(candidate, candidate, false, true)).model());
        double compensated = logitError(quantize(settings(candidate, candidate, true, true)).model());
        assertTrue(compensated < plain - 1, plain + " dB without, " + compensated + " dB with compensation");
    }

    @Test
    void moreBitsAreNearer() {
        double before = Double.POSITIVE_INFINITY;
        for (String candidate : List.of("lq1", "lq2", "lq3", "lq4", "lq8")) {
            double error = logitError(quantize(settings(candidate, candidate, false, true)).model());
            assertTrue(error < before, candidate + ": " + error + " dB, with fewer bits " + before);
            before = error;
        }
    }

    @Test
    void withFloatNothingChanges() {
        PostTraining.Result result = quantize(settings("float32", "float32", false, false));
        assertArrayEquals(DecodedNetwork.logits(NETWORK, EXAMPLES), DecodedNetwork.logits(result.model(), EXAMPLES));
    }

    private static Stream<Candidate> candidates() {
        return Candidate.all().stream();
    }

    @ParameterizedTest
    @MethodSource("candidates")
    void everySchemeRunsPackedAsItDecodes(Candidate candidate) {
        String weights = candidate.scheme().roles().contains(Role.WEIGHTS) ? candidate.toString() : "lq3";
        String activations = candidate.scheme().roles().contains(Role.ACTIVATIONS) ? candidate.toString() : "lq3";
        PackedModel model = quantize(settings(weights, activations, false, true)).model();
        float[] expected = DecodedNetwork.logits(model, EXAMPLES);
        float[] input = new float[37];
        float[] output = new float[5];
        int stepped = 0;
        for (int i = 0; i < EXAMPLES.size(); i++) {
            EXAMPLES.features(i, input, 0);
            model.run(input, output);
            double largest = 0;
            for (int c = 0; c < 5; c++) {
                largest = Math.max(largest, Math.abs(output[c] - expected[5 * i + c]));
            }
            stepped += largest > 1e-4 ? 1 : 0;
        }
        // A hidden value within rounding of a threshold may take the neighbouring code.
        assertTrue(stepped <= EXAMPLES.size() / 100, stepped + " examples differ");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        LayerCandidates choice = new LayerCandidates(Candidate.parse("lq2"), Candidate.parse("lq2"));
        PostTrainingSettings two = new PostTrainingSettings(List.of(choice, choice), QuantizerSettings.DEFAULT, 10, 1,
                false, true);
        assertEquals("expected choices for 3 linear layers, got 2",
                assertThrows(IllegalArgumentException.class, () -> quantize(two)).getMessage());
        PackedModel packed = quantize(settings("lq2", "lq3", false, true)).model();
        assertEquals("layer linear1 has 2-bit weights and 3-bit inputs, expected a float32 network",
                assertThrows(IllegalArgumentException.class, () -> PostTraining.linears(packed)).getMessage());
        assertEquals(
                "layer linear1: errors are compensated for codes of at most 8 bits and whole channels, got uniform16",
                assertThrows(IllegalArgumentException.class, () -> quantize(settings("uniform16", "lq2", true, true)))
                        .getMessage());
    }
}
