package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A quantized tensor whose quantizer is being searched: the mixture {@code sum_j p_j Q_j(x)},
 * {@code p = softmax(alpha / T)}, of all candidates for the weights or the input activations of one layer. With a single
 * candidate it is that quantizer.
 *
 * <p>
 * Candidates whose probability falls under {@value #NEGLIGIBLE} leave the mixture: their share of value and gradient is
 * below what float32 sums resolve, and they cost as much as the others.
 */
final class MixedTensor {
    static final double NEGLIGIBLE = 1e-4;

    private final List<Quantizer> candidates;
    private final Parameter alpha;
    private final float[][] quantized;
    private final double[] errors;
    private final double[] probabilityGradient;
    private double temperature = 1;

    MixedTensor(String name, List<Quantizer> candidates) {
        this(new Parameter(name + ".alpha", candidates.size()), candidates);
    }

    /** A tensor whose architecture parameters others may share. */
    MixedTensor(Parameter alpha, List<Quantizer> candidates) {
        this.candidates = List.copyOf(candidates);
        this.alpha = alpha;
        quantized = new float[candidates.size()][0];
        errors = new double[candidates.size()];
        probabilityGradient = new double[candidates.size()];
    }

    List<Quantizer> candidates() {
        return candidates;
    }

    int indexOf(Candidate candidate) {
        for (int j = 0; j < candidates.size(); j++) {
            if (candidates.get(j).candidate().equals(candidate)) {
                return j;
            }
        }
        throw new IllegalArgumentException("no candidate " + candidate + " here");
    }

    /** The architecture parameters, one a candidate. */
    Parameter alpha() {
        return alpha;
    }

    void temperature(double value) {
        temperature = value;
    }

    /** Probabilities of the candidates; negligible ones are exactly 0. */
    double[] probabilities() {
        double[] p = softmax();
        double sum = 0;
        for (int j = 0; j < p.length; j++) {
            p[j] = p[j] < NEGLIGIBLE ? 0 : p[j];
            sum += p[j];
        }
        for (int j = 0; j < p.length; j++) {
            p[j] /= sum;
        }
        return p;
    }

    private double[] softmax() {
        float[] logits = alpha.value();
        double maximum = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            maximum = Math.max(maximum, logit);
        }
        double[] p = new double[logits.length];
        double sum = 0;
        for (int j = 0; j < p.length; j++) {
            p[j] = Math.exp((logits[j] - maximum) / temperature);
            sum += p[j];
        }
        for (int j = 0; j < p.length; j++) {
            p[j] /= sum;
        }
        return p;
    }

    /** Index of the most probable candidate; the first of equals. */
    int mostProbable() {
        float[] logits = alpha.value();
        int best = 0;
        for (int j = 1; j < logits.length; j++) {
            if (logits[j] > logits[best]) {
                best = j;
            }
        }
        return best;
    }

    /** Relative squared error of each candidate in the last outer pass. */
    double[] errors() {
        return errors;
    }

    /** Gradient of the outer loss by the probabilities; outer passes add to it. */
    double[] probabilityGradient() {
        return probabilityGradient;
    }

    void initialize(float[] data, int rows, int columns, Predicate<Quantizer> which) {
        candidates.stream().filter(which).forEach(candidate -> {
            candidate.initialize(data, rows, columns);
            candidate.parameters().forEach(Parameter::clearGradient);
        });
    }

    /**
     * Computes the mixture.
     *
     * @param data  row-major {@code [rows, columns]}
     * @param mixed receives the mixture
     */
    void forward(float[] data, int rows, int columns, Pass pass, float[] mixed) {
        int length = rows * columns;
        if (pass.quantization() == Pass.Quantization.NONE) {
            System.arraycopy(data, 0, mixed, 0, length);
            return;
        }
        boolean training = pass.gradients() == Pass.Gradients.WEIGHTS;
        if (pass.quantization() == Pass.Quantization.HARD || candidates.size() == 1) {
            Quantizer chosen = candidates.get(mostProbable());
            chosen.observe(data, rows, columns, training);
            for (int row = 0; row < rows; row++) {
                chosen.forward(row, data, row * columns, columns, mixed);
            }
            return;
        }
        double[] p = probabilities();
        Arrays.fill(mixed, 0, length, 0f);
        double norm = pass.gradients() == Pass.Gradients.ARCHITECTURE ? Statistics.dot(data, data, 0, length) : 0;
        for (int j = 0; j < p.length; j++) {
            if (p[j] == 0) {
                continue;
            }
            addCandidate(j, (float) p[j], data, rows, columns, training, mixed);
            if (pass.gradients() == Pass.Gradients.ARCHITECTURE) {
                errors[j] = norm > 0 ? Statistics.squaredDistance(data, quantized[j], 0, length) / norm : 0;
            }
        }
    }

    private void addCandidate(int j, float p, float[] data, int rows, int columns, boolean training, float[] mixed) {
        Quantizer candidate = candidates.get(j);
        candidate.observe(data, rows, columns, training);
        if (quantized[j].length < rows * columns) {
            quantized[j] = new float[rows * columns];
        }
        float[] values = quantized[j];
        for (int row = 0; row < rows; row++) {
            int from = row * columns;
            candidate.forward(row, data, from, columns, values);
            for (int i = from; i < from + columns; i++) {
                mixed[i] += p * values[i];
            }
        }
    }

    /**
     * Runs backward after {@link #forward} with the same data and pass.
     *
     * @param gradient     gradient of the loss by the mixture
     * @param dataGradient receives (adds) the gradient by the data
     */
    void backward(float[] data, int rows, int columns, Pass pass, float[] gradient, float[] dataGradient) {
        int length = rows * columns;
        if (pass.quantization() == Pass.Quantization.NONE) {
            for (int i = 0; i < length; i++) {
                dataGradient[i] += gradient[i];
            }
            return;
        }
        boolean architecture = pass.gradients() == Pass.Gradients.ARCHITECTURE;
        double[] p = probabilities();
        for (int j = 0; j < p.length; j++) {
            if (p[j] == 0) {
                continue;
            }
            Quantizer candidate = candidates.get(j);
            for (int row = 0; row < rows; row++) {
                candidate.backward(row, data, row * columns, columns, gradient, (float) p[j], dataGradient);
            }
            candidate.finishBackward(rows, columns);
            if (architecture) {
                candidate.parameters().forEach(Parameter::clearGradient);
            }
        }
        if (architecture) {
            probabilityBackward(gradient, length);
        }
    }

    /** {@code dL/dp_j = sum_i g_i Q_j(x)_i}: all an outer step needs where nothing below wants a gradient. */
    void probabilityBackward(float[] gradient, int length) {
        if (candidates.size() == 1) {
            return;
        }
        double[] p = probabilities();
        for (int j = 0; j < p.length; j++) {
            if (p[j] > 0) {
                probabilityGradient[j] += Statistics.dot(gradient, quantized[j], 0, length);
            }
        }
    }

    /** Turns the gradient by the probabilities into that by alpha (softmax at temperature T), and clears the former. */
    void finishArchitectureGradient() {
        double[] p = probabilities();
        double mean = 0;
        for (int j = 0; j < p.length; j++) {
            mean += p[j] * probabilityGradient[j];
        }
        for (int j = 0; j < p.length; j++) {
            alpha.gradient()[j] += (float) (p[j] * (probabilityGradient[j] - mean) / temperature);
        }
        Arrays.fill(probabilityGradient, 0);
    }

    /** Parameters trained by gradient, of all candidates. */
    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        candidates.forEach(candidate -> parameters.addAll(candidate.parameters()));
        return parameters;
    }
}
