package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** A multi-layer perceptron of mixed linear layers; with one candidate a layer, an ordinary or a quantized network. */
public final class Mlp implements State.Holder {
    private final NetworkSpec spec;
    private final List<LayerSpace> spaces;
    private final List<MixedLinear> layers;

    private Mlp(NetworkSpec spec, List<LayerSpace> spaces, List<MixedLinear> layers) {
        this.spec = spec;
        this.spaces = List.copyOf(spaces);
        this.layers = List.copyOf(layers);
    }

    /** A freshly initialised network. The same seed gives the same weights whatever the space. */
    public static Mlp create(NetworkSpec spec, SearchSpace space, QuantizerSettings settings, long seed) {
        return create(spec, LayerRules.NONE.spaces(spec.shapes(), space), settings, seed);
    }

    /** A freshly initialised network whose layers have one pair of candidates each; weights as in any other space. */
    public static Mlp create(NetworkSpec spec, MixedPrecision scheme, QuantizerSettings settings, long seed) {
        return create(spec, scheme.spaces(spec.shapes()), settings, seed);
    }

    /** A freshly initialised network with a space for each layer; tied layers share their choices. */
    public static Mlp create(NetworkSpec spec, List<LayerSpace> spaces, QuantizerSettings settings, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, RelaxedChoice> choices = new HashMap<>();
        List<MixedLinear> layers = new ArrayList<>();
        for (int i = 0; i < spaces.size(); i++) {
            LayerSpace space = spaces.get(i);
            MixedLinear layer = new MixedLinear(spec.shapes().get(i), space.space(),
                    choice(choices, space.weightsTie(), space.space().weights()),
                    choice(choices, space.activationsTie(), space.space().activations()), settings);
            layer.initialize(random);
            layers.add(layer);
        }
        return new Mlp(spec, spaces, layers);
    }

    private static RelaxedChoice choice(Map<String, RelaxedChoice> known, String tie, List<Candidate> candidates) {
        return known.computeIfAbsent(tie, name -> new RelaxedChoice(name, candidates.size()));
    }

    /** The same network, sharing parameters, with the allocated candidates alone. */
    public Mlp discrete(Allocation allocation) {
        return discrete(allocation.layers().stream()
                .map(layer -> new LayerCandidates(layer.weights(), layer.activations())).toList());
    }

    /** The same network, sharing parameters, with these candidates of each layer alone. */
    Mlp discrete(List<LayerCandidates> candidates) {
        List<MixedLinear> chosen = new ArrayList<>();
        List<LayerSpace> single = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            MixedLinear layer = layers.get(i);
            chosen.add(layer.discrete(layer.weights().indexOf(candidates.get(i).weights()),
                    layer.activations().indexOf(candidates.get(i).activations())));
            single.add(LayerSpace.of(layer.name(),
                    SearchSpace.uniform(candidates.get(i).weights(), candidates.get(i).activations())));
        }
        return new Mlp(spec, single, chosen);
    }

    /** The expected cost of the mixtures, in units of the model. */
    public double expectedCost(CostModel model) {
        NetworkCost cost = new NetworkCost(model, this);
        return cost.expected() * cost.reference();
    }

    /** Takes weights and biases from a network of the same shape. */
    public void copyWeights(Mlp other) {
        for (int i = 0; i < layers.size(); i++) {
            copy(other.layers.get(i).weight(), layers.get(i).weight());
            copy(other.layers.get(i).bias(), layers.get(i).bias());
        }
    }

    private static void copy(Parameter from, Parameter to) {
        System.arraycopy(from.value(), 0, to.value(), 0, to.value().length);
    }

    /** Weights, biases, alphas and all quantizers. */
    @Override
    public void save(State state) {
        layers.forEach(layer -> layer.save(state.under(layer.name())));
    }

    @Override
    public void restore(State state) {
        layers.forEach(layer -> layer.restore(state.under(layer.name())));
    }

    /** What the network was built from. */
    public NetworkSpec spec() {
        return spec;
    }

    /** The layers, as costs see them. */
    List<LayerShape> shapes() {
        return spec.shapes();
    }

    /** What each layer may choose from. */
    List<LayerSpace> spaces() {
        return spaces;
    }

    /** What is to be chosen; tied layers make one choice. */
    List<RelaxedChoice> choices() {
        return tensors().stream().map(MixedTensor::choice).distinct().toList();
    }

    /** The architecture parameters, of each choice. */
    List<Parameter> alphas() {
        return choices().stream().map(RelaxedChoice::alpha).toList();
    }

    List<MixedLinear> layers() {
        return layers;
    }

    List<Parameter> weightMatrices() {
        return layers.stream().map(MixedLinear::weight).toList();
    }

    /** Biases and the quantizers' parameters: what is trained without weight decay. */
    List<Parameter> otherParameters() {
        List<Parameter> parameters = new ArrayList<>();
        for (MixedLinear layer : layers) {
            parameters.add(layer.bias());
            parameters.addAll(layer.quantizerParameters());
        }
        return parameters;
    }

    List<MixedTensor> tensors() {
        return layers.stream().flatMap(layer -> layer.tensors().stream()).toList();
    }

    /** Brings the quantizers' parameters back to where they are defined. */
    void constrain() {
        tensors().forEach(tensor -> tensor.candidates().forEach(Quantizer::constrain));
    }

    /**
     * Runs the network.
     *
     * @param x inputs {@code [batch, layers[0]]}
     * @return logits {@code [batch, classes]}
     */
    NDArray forward(Tape tape, NDArray x, Pass pass) {
        NDArray value = x;
        for (int i = 0; i < layers.size(); i++) {
            value = layers.get(i).forward(tape, i == 0 ? value : activate(value), pass, i > 0);
        }
        return value;
    }

    /** Sets all quantizers from the inputs that each layer of the float32 network sees. */
    void calibrate(Tape tape, NDArray x) {
        calibrate(tape, x, Pass.EVALUATE_FLOAT, quantizer -> true);
    }

    /** Sets some quantizers from the inputs that each layer sees in such a pass, layer after layer. */
    void calibrate(Tape tape, NDArray x, Pass pass, Predicate<Quantizer> which) {
        NDArray value = x;
        for (int i = 0; i < layers.size(); i++) {
            NDArray input = i == 0 ? value : activate(value);
            layers.get(i).calibrate(input, which);
            value = layers.get(i).forward(tape, input, pass, false);
        }
    }

    /** The function between two layers. */
    NDArray activate(NDArray value) {
        return switch (spec.activation()) {
            case TANH -> Activation.tanh(value);
            case RELU -> Activation.relu(value);
            case SIGMOID -> Activation.sigmoid(value);
            case GELU -> Activation.gelu(value);
        };
    }
}
