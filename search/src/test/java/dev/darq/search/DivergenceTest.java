package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.State;
import dev.darq.search.RelaxationSettings.EntropyPenalty;
import dev.darq.search.RelaxationSettings.Temperature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A number that is not finite ends a run before the step that it would have spoiled, whatever quantity it is in. */
class DivergenceTest {
    private static final NetworkSpec SPEC = new MlpSpec(List.of(20, 16, 4), ActivationFunction.TANH);
    private static final Examples BLOBS = new Blobs(400, 20, 4, 2);
    private static final TrainingSettings TRAINING = new TrainingSettings(50, 3e-3, 0);
    private static final int STEP = 5;

    private static List<Candidate> candidates(String... names) {
        return Stream.of(names).map(Candidate::parse).toList();
    }

    private static Network network() {
        Network network = Network.create(SPEC,
                new SearchSpace(candidates("lsq+4", "uniform8", "lq2"), candidates("pact4", "float32")),
                QuantizerSettings.DEFAULT, 1);
        new Training(TRAINING, 1, TrainingListener.NONE).calibrate(network, BLOBS);
        return network;
    }

    private static Parameter scale(Network network) {
        return network.layers().get(1).weights().candidates().getFirst().parameters().getFirst();
    }

    static Stream<Arguments> quantities() {
        return Stream.of(
                quantity("in layer linear1, the weight is NaN at position 3 of 320",
                        network -> network.layers().getFirst().weight().value()[3] = Float.NaN),
                quantity("in layer linear2, the bias is Infinity at position 0 of 4",
                        network -> network.layers().get(1).bias().value()[0] = Float.POSITIVE_INFINITY),
                quantity("in layer linear2, the scale of lsq+4 of the weights is NaN at position 0 of 1",
                        network -> scale(network).value()[0] = Float.NaN),
                quantity("in layer linear1, the alpha of the activations is NaN at position 1 of 2",
                        network -> network.layers().getFirst().activations().alpha().value()[1] = Float.NaN),
                quantity("in layer linear1, the gradient of the weight is -Infinity at position 319 of 320",
                        network -> network.layers().getFirst().weight().gradient()[319] = Float.NEGATIVE_INFINITY),
                quantity("in layer linear2, the gradient of the scale of lsq+4 of the weights is NaN",
                        network -> scale(network).gradient()[0] = Float.NaN),
                quantity("in layer linear2, the gradient of the alpha of the weights is NaN at position 2 of 3",
                        network -> network.layers().get(1).weights().alpha().gradient()[2] = Float.NaN));
    }

    private static Arguments quantity(String message, Consumer<Network> injection) {
        return Arguments.of(message, injection);
    }

    private static TrainingListener injecting(Network network, Consumer<Network> injection) {
        return new TrainingListener() {
            @Override
            public void step(Step step) {
                if (step.step() == STEP - 1) {
                    injection.accept(network);
                }
            }
        };
    }

    private static BilevelSearch search(TrainingListener listener, Checkpoints checkpoints) {
        return search(Order.FIRST, listener, checkpoints);
    }

    private static BilevelSearch search(Order order, TrainingListener listener, Checkpoints checkpoints) {
        SearchSettings settings = new SearchSettings(0, 2, 0, order, 0.05,
                new RelaxationSettings(new Softmax(), new Temperature(1, 0.1), EntropyPenalty.NONE),
                List.of(new Budget(CostModel.BIT_OPERATIONS, 0.05, null)), ErrorTerm.fixed(0.1), null);
        return new BilevelSearch(settings, TRAINING, 1, listener, checkpoints);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("quantities")
    void itIsNamedBeforeTheStep(String message, Consumer<Network> injection) {
        Network network = network();
        DivergedException diverged = assertThrows(DivergedException.class,
                () -> search(injecting(network, injection), Checkpoints.NONE).search(network, BLOBS, BLOBS));
        assertTrue(String.valueOf(diverged.getMessage()).startsWith("search diverged at step " + STEP + ": " + message),
                diverged.toString());
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheOrderOfTheSearch(Order order) {
        Network network = network();
        TrainingListener listener = injecting(network, spoiled -> scale(spoiled).value()[0] = Float.NaN);
        DivergedException diverged = assertThrows(DivergedException.class,
                () -> search(order, listener, Checkpoints.NONE).search(network, BLOBS, BLOBS));
        assertTrue(String.valueOf(diverged.getMessage()).contains("in layer linear2, the scale of lsq+4"),
                diverged.toString());
    }

    @Test
    void noWeightMovesInTheStepThatIsNotTaken() {
        Network network = network();
        List<float[]> before = new ArrayList<>();
        TrainingListener listener = injecting(network, spoiled -> {
            before.add(spoiled.layers().getFirst().weight().value().clone());
            spoiled.layers().get(1).weight().gradient()[0] = Float.NaN;
        });
        assertThrows(DivergedException.class, () -> search(listener, Checkpoints.NONE).search(network, BLOBS, BLOBS));
        assertArrayEquals(before.getFirst(), network.layers().getFirst().weight().value());
    }

    @Test
    void aLossThatIsNoNumberIsNamedByItself() {
        Examples spoiled = new Examples() {
            @Override
            public int size() {
                return BLOBS.size();
            }

            @Override
            public int width() {
                return BLOBS.width();
            }

            @Override
            public int classes() {
                return BLOBS.classes();
            }

            @Override
            public void features(int index, float[] target, int offset) {
                BLOBS.features(index, target, offset);
                target[offset] = Float.NaN;
            }

            @Override
            public int label(int index) {
                return BLOBS.label(index);
            }
        };
        Training training = new Training(TRAINING, 1, TrainingListener.NONE);
        assertEquals("warm-up diverged at step 1: the loss is NaN; a lower learning rate is the usual remedy",
                assertThrows(DivergedException.class, () -> training.warmUp(network(), spoiled, 1)).getMessage());
    }

    /** The last step may have spoiled what would be saved: such a state is none to go on from. */
    @Test
    void aStateThatIsNotFiniteIsNeverSaved() {
        Network network = network();
        List<Integer> saved = new ArrayList<>();
        Checkpoints everyStep = new Checkpoints() {
            @Override
            public int begin(String stage, int steps, State.Holder state) {
                return 0;
            }

            @Override
            public void done(String stage, int step, boolean stageEnds, boolean epochEnds, State.Holder state) {
                state.save(new State());
                saved.add(step);
            }
        };
        TrainingListener listener = injecting(network,
                spoiled -> spoiled.layers().getFirst().weight().value()[0] = Float.NaN);
        assertThrows(DivergedException.class, () -> search(listener, everyStep).search(network, BLOBS, BLOBS));
        assertEquals(List.of(1, 2, 3), saved);
    }
}
