package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.State;
import dev.darq.search.LayerRule.Exclude;
import dev.darq.search.LayerRule.Tie;
import dev.darq.search.LayerRule.Tied;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerEncoderTest {
    private static final int EXAMPLES = 12;
    private static final TransformerSpec SPEC = new TransformerSpec(3, 2, 4, 2, 2, ActivationFunction.GELU, 3);
    private static final Batch BATCH = Batch.of(new Blobs(EXAMPLES, 6, 3, 1), Batch.inOrder(EXAMPLES), 0, EXAMPLES);
    private static final String PROJECTIONS = "layer1.attention.{query,key,value}";

    private static SearchSpace space(String... candidates) {
        List<Candidate> all = Arrays.stream(candidates).map(Candidate::parse).toList();
        return new SearchSpace(all, all);
    }

    private static Network network(List<LayerSpace> spaces) {
        Network network = Network.create(SPEC, spaces, QuantizerSettings.DEFAULT, 5);
        // Gains of 1 and biases of 0 would hide a mistake.
        for (Parameter parameter : network.plainParameters()) {
            for (int i = 0; i < parameter.value().length; i++) {
                parameter.value()[i] += (float) (0.3 * Math.sin(i + parameter.name().length()));
            }
        }
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, false)) {
            network.calibrate(tape, tape.constant(BATCH.features(), new Shape(EXAMPLES, SPEC.inputs())));
        }
        return network;
    }

    private static Network network(SearchSpace space, LayerRule... rules) {
        return network(new LayerRules(List.of(rules)).spaces(SPEC.shapes(), space));
    }

    private static double loss(Network network, Pass pass) {
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, false)) {
            NDArray x = tape.constant(BATCH.features(), new Shape(EXAMPLES, SPEC.inputs()));
            return CrossEntropy.loss(tape, network.forward(tape, x, pass), BATCH.labels()).getFloat();
        }
    }

    private static void backward(Network network, Pass pass) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Training.lossAndGradients(manager, network, BATCH, pass);
        }
        network.choices().forEach(RelaxedChoice::finishGradient);
    }

    private static List<Parameter> trained(Network network) {
        List<Parameter> all = new ArrayList<>(network.weightMatrices());
        network.layers().forEach(layer -> all.add(layer.bias()));
        all.addAll(network.plainParameters());
        return all;
    }

    @Test
    void gradientsOfTheFloatNetworkMatchFiniteDifferences() {
        Network network = network(space("float32"));
        backward(network, Pass.TRAIN_FLOAT);
        for (Parameter parameter : trained(network)) {
            for (int i = 0; i < parameter.value().length; i += 3) {
                double expected = FiniteDifferences.slope(parameter.value(), i, 5e-4,
                        () -> loss(network, Pass.EVALUATE_FLOAT));
                assertEquals(expected, parameter.gradient()[i], 2e-3, parameter.name() + "[" + i + "]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void acrossTheCutsGradientsAreThoseOfTheGraphInOnePiece(boolean tied) {
        // A mixture of twice the same value: nothing changes but where the graph is cut.
        Network cut = tied
                ? network(space("float32", "float32"), new Tie(PROJECTIONS, Tied.ACTIVATIONS))
                : network(space("float32", "float32"));
        Network whole = network(space("float32"));
        backward(cut, Pass.INNER);
        backward(whole, Pass.TRAIN_FLOAT);
        for (int k = 0; k < trained(whole).size(); k++) {
            Parameter expected = trained(whole).get(k);
            assertArrayEquals(expected.gradient(), trained(cut).get(k).gradient(), 1e-6f, expected.name());
        }
    }

    /** All layers in float32 but these, whose tensors are mixtures: then nothing is rounded behind a mixture. */
    private static List<LayerSpace> mixed(List<String> names, SearchSpace space) {
        Map<String, LayerSpace> plain = new LayerRules(List.of(new Exclude("*"))).spaces(SPEC.shapes(), space).stream()
                .collect(Collectors.toMap(LayerSpace::weightsTie, layer -> layer));
        List<LayerSpace> spaces = new ArrayList<>();
        for (LayerShape shape : SPEC.shapes()) {
            String tie = names.size() > 1 ? "together" : shape.name();
            spaces.add(names.contains(shape.name())
                    ? new LayerSpace(space, shape.name() + ".weights", tie + ".activations")
                    : plain.get(shape.name() + ".weights"));
        }
        return spaces;
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedding", "layer1.attention.query", "layer1.attention.value",
            "layer1.attention.query layer1.attention.key layer1.attention.value", "layer1.attention.output",
            "layer2.feedforward.up", "layer2.feedforward.down", "classifier"})
    void alphaGradientsMatchFiniteDifferences(String layers) {
        List<String> names = List.of(layers.split(" "));
        Network network = network(mixed(names, space("lq1", "uniform2", "float32")));
        backward(network, Pass.CURVATURE);
        int compared = 0;
        for (Parameter alpha : network.alphas().stream().filter(a -> a.value().length > 1).toList()) {
            for (int j = 0; j < alpha.value().length; j++) {
                double expected = FiniteDifferences.slope(alpha.value(), j, 1e-2,
                        () -> loss(network, Pass.EVALUATE_SOFT));
                assertEquals(expected, alpha.gradient()[j], 1e-3, alpha.name() + "[" + j + "]");
                assertNotEquals(0, alpha.gradient()[j]);
                compared++;
            }
        }
        assertEquals(3 * (names.size() + 1), compared);
    }

    @Test
    void tiedProjectionsQuantizeWhatTheyReadOnceAndChooseOnce() {
        Network network = network(space("lq2", "lsq+4"), new Tie(PROJECTIONS, Tied.ACTIVATIONS));
        MixedLinear query = network.layers().get(1);
        MixedLinear value = network.layers().get(3);
        assertEquals("layer1.attention.query", query.name());
        assertSame(query.input(), value.input());
        assertNotSame(query.input(), network.layers().get(4).input(), "the output reads something else");
        assertNotSame(network.layers().get(7).input(), network.layers().get(9).input(), "layer2 is not tied");
        Parameter scale = query.activations().parameters().getFirst();
        assertEquals(1, network.otherParameters().stream().filter(scale::equals).count(), "one step of Adam a scale");
        query.activations().alpha().value()[1] = 3;
        assertEquals(1, value.activations().mostProbable());

        LayerCandidates chosen = new LayerCandidates(Candidate.parse("lq2"), Candidate.parse("lsq+4"));
        Network discrete = network.discrete(MixedPrecision.uniform(chosen, SPEC.shapes().size()).layers());
        assertSame(discrete.layers().get(1).input(), discrete.layers().get(3).input());
        assertSame(network.plainParameters().getFirst(), discrete.plainParameters().getFirst());
    }

    @Test
    void aTieAcrossLayersIsOneChoiceOfSeveralTensors() {
        Network network = network(space("lq2", "lsq+4"),
                new Tie("layer*.attention.{query,key,value}", Tied.ACTIVATIONS));
        MixedLinear first = network.layers().get(1);
        MixedLinear second = network.layers().get(7);
        assertEquals("layer2.attention.query", second.name());
        assertSame(first.activations().choice(), second.activations().choice());
        assertNotSame(first.input(), second.input(), "they read different values");
    }

    @Test
    void whatASharedInputGetsIsTheSumOfWhatEachLayerGives() {
        SearchSpace space = space("lq1", "uniform2", "float32");
        Network shared = network(space, new Tie(PROJECTIONS, Tied.ACTIVATIONS));
        Network apart = network(space);
        backward(shared, Pass.CURVATURE);
        backward(apart, Pass.CURVATURE);
        for (int j = 0; j < 3; j++) {
            double sum = 0;
            for (int l = 1; l <= 3; l++) {
                sum += apart.layers().get(l).activations().alpha().gradient()[j];
            }
            assertEquals(sum, shared.layers().get(1).activations().alpha().gradient()[j], 1e-5);
        }
    }

    @Test
    void outerStepsTouchNothingButTheAlphas() {
        Network network = network(space("lsq+4", "pact4"));
        backward(network, Pass.OUTER);
        trained(network).forEach(parameter -> assertArrayEquals(new float[parameter.gradient().length],
                parameter.gradient(), parameter.name()));
        network.otherParameters().forEach(parameter -> assertArrayEquals(new float[parameter.gradient().length],
                parameter.gradient(), parameter.name()));
    }

    @Test
    void anOuterStepWithAllChoicesMadeHasNoGradientAndDoesNotFail() {
        Network network = network(space("lsq+4", "pact4"));
        network.alphas().forEach(alpha -> alpha.value()[1] = 1000);
        backward(network, Pass.OUTER);
        network.alphas().forEach(alpha -> assertArrayEquals(new float[2], alpha.gradient()));
    }

    @Test
    void restoredItComputesTheSame() {
        Network network = network(space("lq2", "lsq+4"), new Tie(PROJECTIONS, Tied.ACTIVATIONS));
        State state = new State();
        network.save(state);
        Network other = Network.create(SPEC, network.spaces(), QuantizerSettings.DEFAULT, 77);
        assertNotEquals(loss(network, Pass.EVALUATE_SOFT), loss(other, Pass.EVALUATE_SOFT));
        other.restore(state);
        assertEquals(loss(network, Pass.EVALUATE_SOFT), loss(other, Pass.EVALUATE_SOFT));
    }

    @Test
    void productsThatRunForEachTokenCountForEachToken() {
        LayerShape up = SPEC.shapes().get(5);
        assertEquals("layer1.feedforward.up", up.name());
        Candidate eight = Candidate.parse("uniform8");
        assertEquals(3 * 4 * 16 * 64.0, CostModel.BIT_OPERATIONS.cost(up, eight, eight));
        assertEquals(3 * 4.0, new ActivationBytes().cost(up, eight, eight));
        assertEquals(CostModel.WEIGHT_BYTES.cost(new LayerShape("up", 4, 16, null), eight, eight),
                CostModel.WEIGHT_BYTES.cost(up, eight, eight), "weights are stored once");
        assertEquals(1, SPEC.shapes().getLast().positions(), "the classifier reads the mean");
    }

    @Test
    void itIsNotPacked() {
        Network network = network(space("float32"));
        String message = String.valueOf(assertThrows(IllegalArgumentException.class,
                () -> Freezer.freeze(network, Map.of())).getMessage());
        assertTrue(message.contains("only multi-layer perceptrons"), message);
    }

    @Test
    void aWidthThatTheHeadsDoNotDivideIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> new TransformerSpec(3, 2, 4, 1, 3, ActivationFunction.GELU, 3));
    }
}
