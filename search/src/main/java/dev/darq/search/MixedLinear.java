package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.State;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * The mixed operation: a linear layer {@code y = x~ W~^T + b} whose weights and input activations are mixtures of
 * candidates, with one matrix product whatever the number of candidates (formulas.md, "The search").
 */
final class MixedLinear implements State.Holder {
    private final String name;
    private final int inputs;
    private final int outputs;
    private final Parameter weight;
    private final Parameter bias;
    private final MixedTensor weights;
    private final MixedInput input;

    MixedLinear(LayerShape shape, MixedTensor weights, MixedInput input) {
        this(shape.name(), shape.inputs(), shape.outputs(),
                new Parameter(shape.name() + ".weight", shape.inputs() * shape.outputs()),
                new Parameter(shape.name() + ".bias", shape.outputs()), weights, input);
    }

    private MixedLinear(String name, int inputs, int outputs, Parameter weight, Parameter bias, MixedTensor weights,
            MixedInput input) {
        this.name = name;
        this.inputs = inputs;
        this.outputs = outputs;
        this.weight = weight;
        this.bias = bias;
        this.weights = weights;
        this.input = input;
    }

    /**
     * The same layer, sharing parameters, with one candidate left for the weights and one for the activations.
     *
     * @param shared the inputs made so, by their one quantizer: layers that share it shall share the new input too
     */
    MixedLinear discrete(LayerCandidates candidates, Map<Quantizer, MixedInput> shared) {
        Quantizer ofWeights = weights.candidate(candidates.weights());
        Quantizer ofActivations = activations().candidate(candidates.activations());
        return new MixedLinear(name, inputs, outputs, weight, bias,
                new MixedTensor(name + ".weights", List.of(ofWeights)),
                shared.computeIfAbsent(ofActivations,
                        single -> input.discrete(name + ".activations", single)));
    }

    String name() {
        return name;
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    /** Master weights {@code [outputs, inputs]}. */
    Parameter weight() {
        return weight;
    }

    /** Bias {@code [outputs]}. */
    Parameter bias() {
        return bias;
    }

    MixedTensor weights() {
        return weights;
    }

    /** What the layer reads; layers that share a quantizer of it share this. */
    MixedInput input() {
        return input;
    }

    MixedTensor activations() {
        return input.tensor();
    }

    /** The two searched tensors. */
    List<MixedTensor> tensors() {
        return List.of(weights, activations());
    }

    /** Scales and clipping values of all candidates. */
    List<Parameter> quantizerParameters() {
        List<Parameter> parameters = new ArrayList<>(weights.parameters());
        parameters.addAll(activations().parameters());
        return parameters;
    }

    @Override
    public void save(State state) {
        weight.save(state.under("weight"));
        bias.save(state.under("bias"));
        weights.save(state.under("weights"));
        activations().save(state.under("activations"));
    }

    @Override
    public void restore(State state) {
        weight.restore(state.under("weight"));
        bias.restore(state.under("bias"));
        weights.restore(state.under("weights"));
        activations().restore(state.under("activations"));
    }

    /** Glorot-uniform weights, zero bias. */
    void initialize(SplittableRandom random) {
        double bound = Math.sqrt(6.0 / (inputs + outputs));
        for (int i = 0; i < weight.value().length; i++) {
            weight.value()[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
    }

    /**
     * Sets quantizers from the weights and from the inputs of this layer.
     *
     * @param x     calibration inputs {@code [rows, inputs]}
     * @param which quantizers to set
     */
    void calibrate(NDArray x, Predicate<Quantizer> which) {
        weights.initialize(weight.value(), outputs, inputs, which);
        input.calibrate(x, which);
    }

    /**
     * The product with the quantized weights, and the bias.
     *
     * @param x     quantized inputs {@code [rows, inputs]}
     * @param below whether they were computed from a leaf
     * @return {@code [rows, outputs]}
     */
    NDArray product(Tape tape, NDArray x, boolean below, Pass pass) {
        NDArray offset = pass.gradients().ofWeights()
                ? tape.parameter(bias, new Shape(outputs))
                : tape.constant(bias.value(), new Shape(outputs));
        return tape.linear(x, below, mixedWeights(tape, pass), offset);
    }

    private NDArray mixedWeights(Tape tape, Pass pass) {
        Shape shape = new Shape(outputs, inputs);
        boolean ofWeights = pass.gradients().ofWeights();
        if (weights.isExact(pass)) {
            return ofWeights ? tape.parameter(weight, shape) : tape.constant(weight.value(), shape);
        }
        NDArray mixed = tape.unwritten(shape);
        MemorySegment values = MemorySegment.ofArray(weight.value());
        weights.observers(pass).observe(weight.value(), outputs, inputs);
        weights.forward(values, outputs, inputs, pass, Constants.memory(mixed));
        if (!ofWeights && !weights.learns(pass)) {
            return mixed;
        }
        return tape.cut(null, mixed, (gradient, source) -> {
            if (!ofWeights) {
                weights.mixtureBackward(values, outputs, inputs, pass, gradient);
                return;
            }
            weights.backward(values, outputs, inputs, pass, gradient, MemorySegment.ofArray(weight.gradient()), true);
        });
    }
}
