package dev.darq.search;

import dev.darq.quantizers.Parameter;
import java.util.List;

/**
 * The hypergradient through one step of the weights, DARTS's second order (Liu et al. 2019, equations 6 to 8):
 *
 * <pre>
 * w' = w - xi step(grad_w L_tr(w, alpha))
 * grad_alpha L_val(w', alpha) - [grad_alpha L_tr(w+, alpha) - grad_alpha L_tr(w-, alpha)] / 2R
 * w+- = w +- R u,   u = d(w - w')/d(grad_w L_tr) * grad_w' L_val,   R = 0.01 / |u|
 * </pre>
 *
 * <p>
 * The virtual step is the very step that the weights' optimizer would take next, with its moments and weight decay, which
 * are constants here. Departures: DARTS's optimizer is SGD with momentum, of which {@code u} is {@code xi grad_w' L_val};
 * Adam's step is no multiple of the gradient, so {@code u} has Adam's derivative, value by value. And the norm takes each
 * parameter in units of its {@link Parameter#rateScale}, which is 1 for weights and biases: a scale of 0.001 must not be
 * moved by 0.01.
 */
final class UnrolledGradient {
    private static final double RADIUS = 0.01;

    private final BilevelProblem problem;
    private final List<? extends LookAhead> optimizers;

    /** The hypergradient of a problem whose weights are what these optimizers move. */
    UnrolledGradient(BilevelProblem problem, List<? extends LookAhead> optimizers) {
        this.problem = problem;
        this.optimizers = List.copyOf(optimizers);
    }

    /**
     * Sets the gradients of the architecture parameters to the hypergradient. All values and the optimizers are
     * afterwards as before, bit for bit; the gradients of the weights are clear.
     *
     * @param learningRate {@code xi}, the rate of the virtual step
     * @return the validation loss after the virtual step
     */
    double compute(double learningRate) {
        List<Parameter> weights = optimizers.stream().flatMap(optimizer -> optimizer.parameters().stream()).toList();
        float[][] before = values(weights);
        clear(weights);
        problem.innerByWeights();
        float[][] slopes = optimizers.stream().flatMap(optimizer -> optimizer.lookAhead(learningRate).stream())
                .toArray(float[][]::new);
        clear(weights);
        clear(problem.alphas());
        double loss = problem.outerByBoth();
        float[][] outer = gradients(problem.alphas());
        float[][] direction = gradients(weights);
        for (int k = 0; k < direction.length; k++) {
            for (int i = 0; i < direction[k].length; i++) {
                direction[k][i] *= slopes[k][i];
            }
        }
        restore(weights, before);
        clear(weights);
        double norm = norm(weights, direction);
        if (norm > 0) {
            double radius = RADIUS / norm;
            float[][] above = innerByAlphas(weights, before, direction, radius);
            float[][] below = innerByAlphas(weights, before, direction, -radius);
            for (int k = 0; k < outer.length; k++) {
                for (int i = 0; i < outer[k].length; i++) {
                    outer[k][i] -= (float) ((above[k][i] - below[k][i]) / (2 * radius));
                }
            }
        }
        for (int k = 0; k < outer.length; k++) {
            float[] gradient = problem.alphas().get(k).gradient();
            System.arraycopy(outer[k], 0, gradient, 0, gradient.length);
        }
        return loss;
    }

    /** The gradient by alpha of the training loss at {@code w + radius * direction}. */
    private float[][] innerByAlphas(List<Parameter> weights, float[][] before, float[][] direction, double radius) {
        for (int k = 0; k < before.length; k++) {
            float[] value = weights.get(k).value();
            for (int i = 0; i < value.length; i++) {
                value[i] = (float) (before[k][i] + radius * direction[k][i]);
            }
        }
        clear(problem.alphas());
        problem.innerByAlphas();
        restore(weights, before);
        return gradients(problem.alphas());
    }

    private static double norm(List<Parameter> weights, float[][] direction) {
        double squares = 0;
        for (int k = 0; k < direction.length; k++) {
            double unit = weights.get(k).rateScale();
            for (float value : direction[k]) {
                squares += value / unit * (value / unit);
            }
        }
        return Math.sqrt(squares);
    }

    private static float[][] values(List<Parameter> parameters) {
        return parameters.stream().map(parameter -> parameter.value().clone()).toArray(float[][]::new);
    }

    private static float[][] gradients(List<Parameter> parameters) {
        return parameters.stream().map(parameter -> parameter.gradient().clone()).toArray(float[][]::new);
    }

    private static void restore(List<Parameter> parameters, float[][] values) {
        for (int k = 0; k < values.length; k++) {
            System.arraycopy(values[k], 0, parameters.get(k).value(), 0, values[k].length);
        }
    }

    private static void clear(List<Parameter> parameters) {
        parameters.forEach(Parameter::clearGradient);
    }
}
