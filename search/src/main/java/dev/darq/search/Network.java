package dev.darq.search;

import ai.djl.ndarray.NDArray;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A network whose linear layers are mixed operations; with one candidate a layer, an ordinary or a quantized network. What
 * it computes between them is its own.
 */
public abstract sealed class Network implements State.Holder permits Mlp, TransformerEncoder {
    private final NetworkSpec spec;
    private final List<LayerSpace> spaces;
    private final List<MixedLinear> layers;

    Network(NetworkSpec spec, List<LayerSpace> spaces, List<MixedLinear> layers) {
        this.spec = spec;
        this.spaces = List.copyOf(spaces);
        this.layers = List.copyOf(layers);
    }

    /** A freshly initialised network. The same seed gives the same weights whatever the space. */
    public static Network create(NetworkSpec spec, SearchSpace space, QuantizerSettings settings, long seed) {
        return create(spec, LayerRules.NONE.spaces(spec.shapes(), space), settings, seed);
    }

    /** A freshly initialised network whose layers have one pair of candidates each; weights as in any other space. */
    public static Network create(NetworkSpec spec, MixedPrecision scheme, QuantizerSettings settings, long seed) {
        return create(spec, scheme.spaces(spec.shapes()), settings, seed);
    }

    /** A freshly initialised network with a space for each layer; tied layers share their choices. */
    public static Network create(NetworkSpec spec, List<LayerSpace> spaces, QuantizerSettings settings, long seed) {
        List<MixedLinear> layers = new LayerFactory(spec, settings, seed).layers(spaces);
        return switch (spec) {
            case MlpSpec mlp -> new Mlp(mlp, spaces, layers);
            case TransformerSpec transformer -> TransformerEncoder.fresh(transformer, spaces, layers, seed);
        };
    }

    /** The same network, sharing parameters, with other linear layers in place of its own. */
    abstract Network with(List<LayerSpace> otherSpaces, List<MixedLinear> otherLayers);

    /** The same network, sharing parameters, with the allocated candidates alone. */
    public Network discrete(Allocation allocation) {
        return discrete(allocation.layers().stream()
                .map(layer -> new LayerCandidates(layer.weights(), layer.activations())).toList());
    }

    /** The same network, sharing parameters, with these candidates of each layer alone. */
    Network discrete(List<LayerCandidates> candidates) {
        List<MixedLinear> chosen = new ArrayList<>();
        List<LayerSpace> single = new ArrayList<>();
        Map<Quantizer, MixedInput> shared = new IdentityHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            MixedLinear layer = layers.get(i);
            chosen.add(layer.discrete(candidates.get(i), shared));
            single.add(LayerSpace.of(layer.name(),
                    SearchSpace.uniform(candidates.get(i).weights(), candidates.get(i).activations())));
        }
        return with(single, chosen);
    }

    /** The expected cost of the mixtures, in units of the model. */
    public double expectedCost(CostModel model) {
        NetworkCost cost = new NetworkCost(model, this);
        return cost.expected() * cost.reference();
    }

    /** Takes weights, biases and all that is not quantized from a network of the same shape. */
    public void copyWeights(Network other) {
        for (int i = 0; i < layers.size(); i++) {
            copy(other.layers.get(i).weight(), layers.get(i).weight());
            copy(other.layers.get(i).bias(), layers.get(i).bias());
        }
        List<Parameter> from = other.plainParameters();
        List<Parameter> to = plainParameters();
        for (int i = 0; i < to.size(); i++) {
            copy(from.get(i), to.get(i));
        }
    }

    private static void copy(Parameter from, Parameter to) {
        System.arraycopy(from.value(), 0, to.value(), 0, to.value().length);
    }

    /** Weights, biases, alphas, all quantizers, and what is not quantized. */
    @Override
    public void save(State state) {
        layers.forEach(layer -> layer.save(state.under(layer.name())));
        plainParameters().forEach(parameter -> parameter.save(state.under(parameter.name())));
    }

    @Override
    public void restore(State state) {
        layers.forEach(layer -> layer.restore(state.under(layer.name())));
        plainParameters().forEach(parameter -> parameter.restore(state.under(parameter.name())));
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

    /** Parameters of no linear layer, such as the gains of a normalisation; each has a name of its own. */
    List<Parameter> plainParameters() {
        return List.of();
    }

    /** All but the weight matrices and the alphas: what is trained without weight decay. */
    List<Parameter> otherParameters() {
        Set<Parameter> parameters = new LinkedHashSet<>();
        for (MixedLinear layer : layers) {
            parameters.add(layer.bias());
            parameters.addAll(layer.quantizerParameters());
        }
        parameters.addAll(plainParameters());
        return List.copyOf(parameters);
    }

    /** The searched tensors of every layer; one that layers share is listed for each. */
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
     * @param x       inputs {@code [batch, inputs]}
     * @param linears what runs the linear layers
     * @return logits {@code [batch, classes]}
     */
    abstract NDArray run(Tape tape, NDArray x, Linears linears);

    /**
     * Runs the network.
     *
     * @param x inputs {@code [batch, inputs]}
     * @return logits {@code [batch, classes]}
     */
    final NDArray forward(Tape tape, NDArray x, Pass pass) {
        return run(tape, x, new MixedLinears(tape, pass));
    }

    /** Sets all quantizers from the inputs that each layer of the float32 network sees. */
    final void calibrate(Tape tape, NDArray x) {
        calibrate(tape, x, Pass.EVALUATE_FLOAT, quantizer -> true);
    }

    /** Sets some quantizers from the inputs that each layer sees in such a pass, layer after layer. */
    final void calibrate(Tape tape, NDArray x, Pass pass, Predicate<Quantizer> which) {
        Set<Quantizer> set = Collections.newSetFromMap(new IdentityHashMap<>());
        run(tape, x, new MixedLinears(tape, pass, (read, input) -> read.forEach(
                layer -> layer.calibrate(input, quantizer -> which.test(quantizer) && set.add(quantizer)))));
    }
}
