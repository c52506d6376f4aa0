package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** A multi-layer perceptron of mixed linear layers; with one candidate a layer, an ordinary or a quantized network. */
public final class Mlp implements State.Holder {
    private final NetworkSpec spec;
    private final List<MixedLinear> layers;

    private Mlp(NetworkSpec spec, List<MixedLinear> layers) {
        this.spec = spec;
        this.layers = List.copyOf(layers);
    }

    /** A freshly initialised network. The same seed gives the same weights whatever the space. */
    public static Mlp create(NetworkSpec spec, SearchSpace space, QuantizerSettings settings, long seed) {
        return create(spec, Collections.nCopies(spec.layers().size() - 1, space), settings, seed);
    }

    /** A freshly initialised network whose layers have one pair of candidates each; weights as in any other space. */
    public static Mlp create(NetworkSpec spec, MixedPrecision scheme, QuantizerSettings settings, long seed) {
        return create(spec, scheme.layers().stream()
                .map(layer -> SearchSpace.uniform(layer.weights(), layer.activations())).toList(), settings, seed);
    }

    /** A freshly initialised network with a space for each layer. */
    static Mlp create(NetworkSpec spec, List<SearchSpace> spaces, QuantizerSettings settings, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<MixedLinear> layers = new ArrayList<>();
        for (int i = 0; i + 1 < spec.layers().size(); i++) {
            MixedLinear layer = new MixedLinear("linear" + (i + 1), spec.layers().get(i), spec.layers().get(i + 1),
                    spaces.get(i), settings);
            layer.initialize(random);
            layers.add(layer);
        }
        return new Mlp(spec, layers);
    }

    /** The same network, sharing parameters, with the allocated candidates alone. */
    public Mlp discrete(Allocation allocation) {
        return discrete(allocation.layers().stream()
                .map(layer -> new LayerCandidates(layer.weights(), layer.activations())).toList());
    }

    /** The same network, sharing parameters, with these candidates of each layer alone. */
    Mlp discrete(List<LayerCandidates> candidates) {
        List<MixedLinear> chosen = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            MixedLinear layer = layers.get(i);
            chosen.add(layer.discrete(layer.weights().indexOf(candidates.get(i).weights()),
                    layer.activations().indexOf(candidates.get(i).activations())));
        }
        return new Mlp(spec, chosen);
    }

    /** The expected cost of the mixtures, in units of the model. */
    public double expectedCost(CostModel model) {
        NetworkCost cost = new NetworkCost(model, this);
        return cost.expected() * cost.reference();
    }

    /** The most probable candidates, within the budgets. */
    public Allocation allocation(List<Budget> budgets) {
        return new Discretisation(this, budgets).choose();
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
