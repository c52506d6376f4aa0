package dev.darq.search;

import dev.darq.quantizers.Parameter;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Largest eigenvalue of the Hessian of a function whose gradient can be computed: power iteration, with products of the
 * Hessian and a vector by central differences of the gradient, {@code H v = [g(x + r v) - g(x - r v)] / 2r}.
 */
final class Curvature {
    private static final int MOST_ITERATIONS = 50;
    private static final double CONVERGED = 1e-4;

    private final List<Parameter> parameters;
    private final Runnable gradient;
    private final double radius;

    /**
     * The curvature of a function.
     *
     * @param parameters its arguments
     * @param gradient   adds its gradient at the present values to theirs
     * @param radius     how far the differences reach
     */
    Curvature(List<Parameter> parameters, Runnable gradient, double radius) {
        this.parameters = List.copyOf(parameters);
        this.gradient = gradient;
        this.radius = radius;
    }

    /** The largest eigenvalue at the present values, which are left as they are; gradients are clear afterwards. */
    double largestEigenvalue(long seed) {
        double dominant = dominantEigenvalue(0, seed);
        // The largest in magnitude may be negative; of H - dominant I it is then the largest one.
        return dominant >= 0 ? dominant : dominantEigenvalue(dominant, seed) + dominant;
    }

    /** The eigenvalue of largest magnitude of {@code H - shift I}. */
    private double dominantEigenvalue(double shift, long seed) {
        double[] vector = new SplittableRandom(seed)
                .doubles(parameters.stream().mapToInt(parameter -> parameter.value().length).sum(), -1, 1).toArray();
        normalise(vector);
        double eigenvalue = 0;
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            double[] product = hessianTimes(vector);
            double quotient = 0;
            for (int i = 0; i < product.length; i++) {
                product[i] -= shift * vector[i];
                quotient += product[i] * vector[i];
            }
            boolean converged = Math.abs(quotient - eigenvalue) <= CONVERGED * Math.abs(quotient);
            eigenvalue = quotient;
            if (converged || normalise(product) == 0) {
                break;
            }
            vector = product;
        }
        return eigenvalue;
    }

    private static double normalise(double[] vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; i < vector.length && norm > 0; i++) {
            vector[i] /= norm;
        }
        return norm;
    }

    private double[] hessianTimes(double[] vector) {
        float[][] before = parameters.stream().map(parameter -> parameter.value().clone()).toArray(float[][]::new);
        double[] product = gradientAt(before, vector, radius);
        double[] below = gradientAt(before, vector, -radius);
        for (int i = 0; i < product.length; i++) {
            product[i] = (product[i] - below[i]) / (2 * radius);
        }
        return product;
    }

    private double[] gradientAt(float[][] before, double[] direction, double distance) {
        int at = 0;
        for (int k = 0; k < before.length; k++) {
            Parameter parameter = parameters.get(k);
            parameter.clearGradient();
            for (int i = 0; i < before[k].length; i++) {
                parameter.value()[i] = (float) (before[k][i] + distance * direction[at++]);
            }
        }
        gradient.run();
        double[] gradients = new double[at];
        at = 0;
        for (int k = 0; k < before.length; k++) {
            Parameter parameter = parameters.get(k);
            for (float value : parameter.gradient()) {
                gradients[at++] = value;
            }
            System.arraycopy(before[k], 0, parameter.value(), 0, before[k].length);
            parameter.clearGradient();
        }
        return gradients;
    }
}
