package dev.darq.search;

import static dev.darq.search.SchemeSpaceTest.space;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The integer program, the greedy descent and the sensitivity of single layers, each against its definition. */
class BaselineSchemesTest {
    private static final NetworkSpec SPEC = new MlpSpec(List.of(20, 12, 4), ActivationFunction.TANH);
    private static final SearchSpace SPACE = space("lq1 lq2 uniform8 float32", "lq1 uniform2 pact4 pact8");
    private static final ExampleSplit SPLIT = ExampleSplit.of(new Blobs(800, 20, 4, 2), 0.25, 1);
    private static final Training TRAINING = new Training(new TrainingSettings(50, 3e-3, 0), 1, TrainingListener.NONE);

    private static Network trained() {
        Network network = Network.create(SPEC, SPACE, QuantizerSettings.DEFAULT, 1);
        TRAINING.trainFloat(network, SPLIT.train(), 6, 0);
        TRAINING.calibrate(network, SPLIT.train());
        return network;
    }

    private static double loss(Network network, MixedPrecision scheme) {
        return Evaluation.loss(Evaluation.logits(network.discrete(scheme.layers()), SPLIT.validation()),
                SPLIT.validation());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.004, 0.01, 0.03, 0.2})
    void theIntegerProgramFindsTheLeastOmegaOfAllSchemesWithinTheBudget(double target) {
        SecondOrderSensitivity sensitivity = SecondOrderSensitivity.measure(trained(), SPLIT.train(), 1);
        MixedPrecision found = sensitivity
                .integerProgram(new Budget(CostModel.BIT_OPERATIONS, target, null).withSlack(1));
        double least = Double.POSITIVE_INFINITY;
        for (MixedPrecision scheme : new SchemeSpace(SPEC, SPACE).all(256)) {
            if (scheme.fraction(CostModel.BIT_OPERATIONS, SPEC) <= target) {
                least = Math.min(least, omega(sensitivity, scheme));
            }
        }
        assertTrue(found.fraction(CostModel.BIT_OPERATIONS, SPEC) <= target);
        assertEquals(least, omega(sensitivity, found), 1e-12 + 1e-9 * least);
    }

    private static double omega(SecondOrderSensitivity sensitivity, MixedPrecision scheme) {
        double omega = 0;
        for (int l = 0; l < 2; l++) {
            omega += omega(sensitivity.tensors().get(2 * l), scheme.layers().get(l).weights())
                    + omega(sensitivity.tensors().get(2 * l + 1), scheme.layers().get(l).activations());
        }
        return omega;
    }

    private static double omega(SecondOrderSensitivity.Tensor tensor, Candidate candidate) {
        return tensor.averageTrace() * tensor.errors().stream()
                .filter(error -> error.candidate().equals(candidate)).findFirst().orElseThrow().squared();
    }

    @Test
    void theSquaredErrorOfATensorFallsWithItsBitsToNothingInFloat32() {
        for (SecondOrderSensitivity.Tensor tensor : SecondOrderSensitivity.measure(trained(), SPLIT.train(), 1)
                .tensors()) {
            List<SecondOrderSensitivity.Error> errors = tensor.errors();
            assertTrue(tensor.averageTrace() > 0, tensor.toString());
            assertTrue(errors.getFirst().squared() > errors.getLast().squared(), tensor.toString());
        }
        assertEquals(0, SecondOrderSensitivity.measure(trained(), SPLIT.train(), 1).tensors().getFirst().errors()
                .getLast().squared());
    }

    @Test
    void everyStepOfTheDescentIsTheCheapestOfAllThatLowerOneTensor() {
        Network network = trained();
        BitDescent descent = new BitDescent(network, CostModel.BIT_OPERATIONS, SPLIT.validation());
        MixedPrecision found = descent.within(0.004);
        List<BitDescent.Stage> path = descent.path();
        assertEquals("float32/pact8,float32/pact8", path.getFirst().scheme().toString());
        assertEquals(found, path.getLast().scheme());
        assertTrue(path.getLast().cost() <= 0.004 && path.get(path.size() - 2).cost() > 0.004);
        for (int i = 1; i < path.size(); i++) {
            double least = Double.POSITIVE_INFINITY;
            for (MixedPrecision lower : lowered(path.get(i - 1).scheme())) {
                least = Math.min(least, price(network, path.get(i - 1), lower));
            }
            assertEquals(least, price(network, path.get(i - 1), path.get(i).scheme()), 1e-9);
        }
        assertEquals(path.get(2).scheme(), descent.within(path.get(2).cost()), "a larger budget stops earlier");
        assertThrows(IllegalStateException.class, () -> descent.within(1e-5));
    }

    private static double price(Network network, BitDescent.Stage from, MixedPrecision to) {
        return (loss(network, to) - loss(network, from.scheme()))
                / (from.scheme().fraction(CostModel.BIT_OPERATIONS, SPEC)
                        - to.fraction(CostModel.BIT_OPERATIONS, SPEC));
    }

    /** All schemes with one tensor at its next candidate towards fewer bits; the space has each width once. */
    private static List<MixedPrecision> lowered(MixedPrecision scheme) {
        List<MixedPrecision> lower = new ArrayList<>();
        for (int l = 0; l < 2; l++) {
            LayerCandidates layer = scheme.layers().get(l);
            int w = SPACE.weights().indexOf(layer.weights());
            int a = SPACE.activations().indexOf(layer.activations());
            if (w > 0) {
                lower.add(with(scheme, l, new LayerCandidates(SPACE.weights().get(w - 1), layer.activations())));
            }
            if (a > 0) {
                lower.add(with(scheme, l, new LayerCandidates(layer.weights(), SPACE.activations().get(a - 1))));
            }
        }
        return lower;
    }

    private static MixedPrecision with(MixedPrecision scheme, int layer, LayerCandidates candidates) {
        List<LayerCandidates> layers = new ArrayList<>(scheme.layers());
        layers.set(layer, candidates);
        return new MixedPrecision(layers);
    }

    @Test
    void theDescentLowersNoTensorThatSavesNothing() {
        BitDescent descent = new BitDescent(trained(), CostModel.WEIGHT_BYTES, SPLIT.validation());
        descent.within(0.2).layers().forEach(layer -> assertEquals("pact8", layer.activations().toString()));
    }

    @Test
    void aLayersSensitivityIsTheRiseOfTheLossWithThatLayerAloneAtTheFewestBits() {
        Network network = trained();
        List<LayerSensitivity> sensitivities = LayerSensitivity.measure(network, SPACE, QuantizerSettings.DEFAULT,
                TRAINING, SPLIT.train(), SPLIT.validation());
        Network both = Network.create(SPEC, space("lq1 float32", "lq1 float32"), QuantizerSettings.DEFAULT, 1);
        both.copyWeights(network);
        TRAINING.calibrate(both, SPLIT.train());
        double before = loss(both, MixedPrecision.parse("float32/float32,float32/float32"));
        assertEquals("linear1", sensitivities.get(0).layer());
        assertEquals(loss(both, MixedPrecision.parse("lq1/lq1,float32/float32")) - before,
                sensitivities.get(0).lossRise(), 1e-6);
        assertEquals(loss(both, MixedPrecision.parse("float32/float32,lq1/lq1")) - before,
                sensitivities.get(1).lossRise(), 1e-6);
    }

    @Test
    void theLossOfLogitsIsTheTrainingLoss() {
        Network network = trained();
        Batch batch = Batch.of(SPLIT.validation(), Batch.inOrder(200), 0, 200);
        try (var manager = NDManager.newBaseManager()) {
            assertEquals(Training.lossAndGradients(manager, network, batch, Pass.TRAIN_FLOAT),
                    Evaluation.loss(Evaluation.logits(network, SPLIT.validation(), Pass.EVALUATE_FLOAT),
                            SPLIT.validation()),
                    1e-5);
        }
    }
}
