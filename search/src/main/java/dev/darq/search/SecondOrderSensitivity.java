package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.Role;
import dev.darq.quantizers.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sensitivity in the manner of HAWQ-V2 (Dong et al. 2020, equation 7) and the integer program of HAWQ-V3 (Yao et al.
 * 2021, section 3.4): a tensor quantized by Q is expected to raise the loss in proportion to
 * {@code Omega = average trace of its Hessian * |Q(t) - t|^2}. The scheme of least total {@code Omega} within a budget is
 * found exactly.
 *
 * <p>
 * Activations are taken like weights: the trace is that of the Hessian by the inputs of the layer, the error that of the
 * same inputs, on the same examples. A trace below zero, which a network not quite at its minimum may show, counts as
 * zero, so that no error is ever rewarded.
 */
public final class SecondOrderSensitivity {
    private static final int PROBES = 32;
    private static final int EXAMPLES = 512;

    private final Network network;
    private final List<Tensor> tensors;

    /**
     * One tensor.
     *
     * @param layer        name of the layer
     * @param role         its weights or its input activations
     * @param averageTrace average of the trace of the Hessian over the values, at least 0
     * @param errors       squared error of each candidate, summed over the values
     */
    public record Tensor(String layer, Role role, double averageTrace, List<Error> errors) {
        /** Copies the list. */
        public Tensor {
            errors = List.copyOf(errors);
        }

        double omega(int candidate) {
            return averageTrace * errors.get(candidate).squared;
        }

        Candidate candidate(int candidate) {
            return errors.get(candidate).candidate;
        }
    }

    /** What a candidate does to a tensor. */
    public record Error(Candidate candidate, double squared) {}

    private SecondOrderSensitivity(Network network, List<Tensor> tensors) {
        this.network = network;
        this.tensors = tensors;
    }

    /**
     * Measures.
     *
     * @param network a network with the candidates of the search space, trained in float32 and calibrated
     * @param train   what it was trained on
     * @param seed    of the examples and the random vectors
     */
    public static SecondOrderSensitivity measure(Network network, Examples train, long seed) {
        Examples sample = ExampleSplit.sample(train, EXAMPLES, seed);
        Batch batch = Batch.of(sample, Batch.inOrder(sample.size()), 0, sample.size());
        HessianTrace traces = new HessianTrace(network, batch);
        SplittableRandom random = new SplittableRandom(seed);
        List<Tensor> tensors = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            MixedLinear layer = network.layers().get(l);
            float[] inputs = traces.inputs(l);
            tensors.add(new Tensor(layer.name(), Role.WEIGHTS,
                    Math.max(0, traces.average(l, Role.WEIGHTS, PROBES, random)),
                    errors(layer.weights(), layer.weight().value(), layer.outputs(), layer.inputs())));
            tensors.add(new Tensor(layer.name(), Role.ACTIVATIONS,
                    Math.max(0, traces.average(l, Role.ACTIVATIONS, PROBES, random)),
                    errors(layer.activations(), inputs, inputs.length / layer.inputs(), layer.inputs())));
        }
        return new SecondOrderSensitivity(network, tensors);
    }

    private static List<Error> errors(MixedTensor tensor, float[] data, int rows, int columns) {
        List<Error> errors = new ArrayList<>();
        float[] quantized = new float[rows * columns];
        for (Quantizer quantizer : tensor.candidates()) {
            quantizer.observe(data, rows, columns, false);
            for (int row = 0; row < rows; row++) {
                quantizer.forward(row, data, row * columns, columns, quantized);
            }
            errors.add(
                    new Error(quantizer.candidate(), Statistics.squaredDistance(data, quantized, 0, rows * columns)));
        }
        return errors;
    }

    /** What was measured: weights and activations of the first layer, then of the second. */
    public List<Tensor> tensors() {
        return List.copyOf(tensors);
    }

    /**
     * The scheme of least total Omega.
     *
     * @param budget with a target
     * @throws IllegalStateException when no scheme of the space is within the budget
     */
    public MixedPrecision integerProgram(Budget budget) {
        SchemeProblem problem = new SchemeProblem(network.shapes(), network.spaces(), List.of(budget));
        for (int l = 0; l < problem.layers().size(); l++) {
            subtract(tensors.get(2 * l), problem.variables().get(problem.layers().get(l).weights()));
            subtract(tensors.get(2 * l + 1), problem.variables().get(problem.layers().get(l).activations()));
        }
        int[] choice = new SchemeSolver(problem).solve().choice();
        List<LayerCandidates> layers = new ArrayList<>();
        for (int l = 0; l < problem.layers().size(); l++) {
            SchemeProblem.Layer layer = problem.layers().get(l);
            layers.add(new LayerCandidates(tensors.get(2 * l).candidate(choice[layer.weights()]),
                    tensors.get(2 * l + 1).candidate(choice[layer.activations()])));
        }
        return new MixedPrecision(layers);
    }

    /** Tied tensors have one variable, to which the Omega of each counts. */
    private static void subtract(Tensor tensor, SchemeProblem.Variable variable) {
        for (int j = 0; j < variable.scores().length; j++) {
            variable.scores()[j] -= tensor.omega(j);
        }
    }
}
