package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.List;
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
    private final MixedTensor activations;
    private float[] mixedWeights = new float[0];
    private float[] input = new float[0];
    private float[] mixedInput = new float[0];

    MixedLinear(LayerShape shape, SearchSpace space, RelaxedChoice weightsChoice, RelaxedChoice activationsChoice,
            QuantizerSettings settings) {
        this(shape.name(), shape.inputs(), shape.outputs(),
                new Parameter(shape.name() + ".weight", shape.inputs() * shape.outputs()),
                new Parameter(shape.name() + ".bias", shape.outputs()),
                new MixedTensor(weightsChoice,
                        space.weights().stream().map(candidate -> Quantizer.create(candidate, Role.WEIGHTS,
                                shape.outputs(), shape.inputs(), settings)).toList()),
                new MixedTensor(activationsChoice, space.activations().stream().map(
                        candidate -> Quantizer.create(candidate, Role.ACTIVATIONS, 1, shape.inputs(), settings))
                        .toList()));
    }

    private MixedLinear(String name, int inputs, int outputs, Parameter weight, Parameter bias, MixedTensor weights,
            MixedTensor activations) {
        this.name = name;
        this.inputs = inputs;
        this.outputs = outputs;
        this.weight = weight;
        this.bias = bias;
        this.weights = weights;
        this.activations = activations;
    }

    /** The same layer, sharing parameters, with one candidate left for the weights and one for the activations. */
    MixedLinear discrete(int weightChoice, int activationChoice) {
        return new MixedLinear(name, inputs, outputs, weight, bias,
                new MixedTensor(name + ".weights", List.of(weights.candidates().get(weightChoice))),
                new MixedTensor(name + ".activations", List.of(activations.candidates().get(activationChoice))));
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

    MixedTensor activations() {
        return activations;
    }

    /** The two searched tensors. */
    List<MixedTensor> tensors() {
        return List.of(weights, activations);
    }

    /** Scales and clipping values of all candidates. */
    List<Parameter> quantizerParameters() {
        List<Parameter> parameters = new ArrayList<>(weights.parameters());
        parameters.addAll(activations.parameters());
        return parameters;
    }

    @Override
    public void save(State state) {
        weight.save(state.under("weight"));
        bias.save(state.under("bias"));
        weights.save(state.under("weights"));
        activations.save(state.under("activations"));
    }

    @Override
    public void restore(State state) {
        weight.restore(state.under("weight"));
        bias.restore(state.under("bias"));
        weights.restore(state.under("weights"));
        activations.restore(state.under("activations"));
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
     * @param x     calibration inputs {@code [batch, inputs]}
     * @param which quantizers to set
     */
    void calibrate(NDArray x, Predicate<Quantizer> which) {
        int batch = readInput(x);
        weights.initialize(weight.value(), outputs, inputs, which);
        activations.initialize(input, batch, inputs, which);
    }

    private int readInput(NDArray x) {
        int batch = Math.toIntExact(x.getShape().get(0));
        if (input.length < batch * inputs) {
            input = new float[batch * inputs];
            mixedInput = new float[batch * inputs];
        }
        Constants.read(x, input);
        return batch;
    }

    /**
     * Runs the layer.
     *
     * @param x             inputs {@code [batch, inputs]}
     * @param inputGradient whether what lies below wants a gradient
     * @return {@code [batch, outputs]}
     */
    NDArray forward(Tape tape, NDArray x, Pass pass, boolean inputGradient) {
        int batch = readInput(x);
        if (mixedWeights.length == 0) {
            mixedWeights = new float[outputs * inputs];
        }
        activations.forward(input, batch, inputs, pass, mixedInput);
        weights.forward(weight.value(), outputs, inputs, pass, mixedWeights);
        boolean ofWeights = pass.gradients().ofWeights();
        NDArray quantizedInput = tape.cut(inputGradient ? x : null, mixedInput, new Shape(batch, inputs), gradient -> {
            if (!ofWeights && !inputGradient) {
                activations.mixtureBackward(input, batch, inputs, pass, gradient);
                return null;
            }
            float[] dataGradient = new float[gradient.length];
            activations.backward(input, batch, inputs, pass, gradient, dataGradient);
            return inputGradient ? dataGradient : null;
        });
        NDArray quantizedWeights = tape.cut(null, mixedWeights, new Shape(outputs, inputs), gradient -> {
            if (!ofWeights) {
                weights.mixtureBackward(weight.value(), outputs, inputs, pass, gradient);
            } else {
                weights.backward(weight.value(), outputs, inputs, pass, gradient, weight.gradient());
            }
            return null;
        });
        NDArray offset = ofWeights
                ? tape.parameter(bias, new Shape(outputs))
                : tape.constant(bias.value(), new Shape(outputs));
        return quantizedInput.matMul(quantizedWeights.transpose()).add(offset);
    }
}
