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
 * A quantized tensor whose quantizer is being searched: the mixture {@code sum_j p_j Q_j(x)} of all candidates for the
 * weights or the input activations of one layer, with the {@code p} of a {@link RelaxedChoice}. With a single candidate it
 * is that quantizer.
 */
final class MixedTensor {
    private static final int BLOCK = 2048;

    private final List<Quantizer> candidates;
    private final RelaxedChoice choice;
    private final float[][] quantized;
    private final double[] errors;
    /** The gradient by the data that the second lane adds up. */
    private float[] laneGradient = new float[0];

    MixedTensor(String name, List<Quantizer> candidates) {
        this.candidates = List.copyOf(candidates);
        choice = new RelaxedChoice(name, candidates.size());
        quantized = new float[candidates.size()][0];
        errors = new double[candidates.size()];
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

    /** Which candidate it will be. */
    RelaxedChoice choice() {
        return choice;
    }

    /** The architecture parameters, one a candidate. */
    Parameter alpha() {
        return choice.alpha();
    }

    /** Probabilities of the candidates, {@code softmax(alpha / T)}; negligible ones are exactly 0. */
    double[] probabilities() {
        return choice.probabilities();
    }

    /** Index of the most probable candidate; the first of equals. */
    int mostProbable() {
        return choice.mostProbable();
    }

    /** Relative squared error of each candidate in the last outer pass. */
    double[] errors() {
        return errors;
    }

    /** Gradient of the outer loss by the probabilities. */
    double[] probabilityGradient() {
        return choice.probabilityGradient();
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
        if (pass.quantization() == Pass.Quantization.HARD || candidates.size() == 1) {
            Quantizer chosen = candidates.get(mostProbable());
            chosen.observe(data, rows, columns, pass.following());
            for (int row = 0; row < rows; row++) {
                chosen.forward(row, data, row * columns, columns, mixed);
            }
            return;
        }
        double[] p = choice.mixture(pass);
        boolean[] evaluated = choice.evaluated(pass);
        boolean architecture = pass.gradients().ofArchitecture();
        double norm = architecture ? Statistics.dot(data, data, 0, length) : 0;
        TwoLanes.run(length, lane -> {
            for (int j = lane; j < evaluated.length; j += 2) {
                if (evaluated[j]) {
                    quantize(j, data, rows, columns, pass);
                    if (architecture) {
                        errors[j] = norm > 0 ? Statistics.squaredDistance(data, quantized[j], 0, length) / norm : 0;
                    }
                }
            }
        });
        int half = rows / 2 * columns;
        TwoLanes.run(length, lane -> mix(p, lane == 0 ? 0 : half, lane == 0 ? half : length, mixed));
    }

    private void quantize(int j, float[] data, int rows, int columns, Pass pass) {
        Quantizer candidate = candidates.get(j);
        candidate.observe(data, rows, columns, pass.following());
        if (quantized[j].length < rows * columns) {
            quantized[j] = new float[rows * columns];
        }
        for (int row = 0; row < rows; row++) {
            candidate.forward(row, data, row * columns, columns, quantized[j]);
        }
    }

    /** Block by block, which stays in the cache while the candidates pass. */
    private void mix(double[] p, int from, int to, float[] mixed) {
        for (int at = from; at < to; at += BLOCK) {
            int end = Math.min(to, at + BLOCK);
            Arrays.fill(mixed, at, end, 0f);
            for (int j = 0; j < p.length; j++) {
                if (p[j] != 0) {
                    add((float) p[j], quantized[j], at, end, mixed);
                }
            }
        }
    }

    private static void add(float p, float[] values, int from, int to, float[] mixed) {
        for (int i = from; i < to; i++) {
            mixed[i] += p * values[i];
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
        double[] p = choice.mixture(pass);
        float[] other = otherGradient(length);
        TwoLanes.run(length, lane -> {
            for (int j = lane; j < p.length; j += 2) {
                if (p[j] != 0) {
                    differentiate(j, (float) p[j], data, rows, columns, pass, gradient,
                            lane == 0 ? dataGradient : other);
                }
            }
        });
        add(1, other, 0, length, dataGradient);
        if (pass.gradients().ofArchitecture()) {
            mixtureBackward(pass, gradient, length);
        }
    }

    private float[] otherGradient(int length) {
        if (laneGradient.length < length) {
            laneGradient = new float[length];
        }
        Arrays.fill(laneGradient, 0, length, 0f);
        return laneGradient;
    }

    private void differentiate(int j, float p, float[] data, int rows, int columns, Pass pass, float[] gradient,
            float[] dataGradient) {
        Quantizer candidate = candidates.get(j);
        for (int row = 0; row < rows; row++) {
            candidate.backward(row, data, row * columns, columns, gradient, p, dataGradient);
        }
        candidate.finishBackward(rows, columns);
        if (!pass.gradients().ofWeights()) {
            candidate.parameters().forEach(Parameter::clearGradient);
        }
    }

    /** {@code dL/dp_j = sum_i g_i Q_j(x)_i}: all an outer step needs where nothing below wants a gradient. */
    void mixtureBackward(Pass pass, float[] gradient, int length) {
        if (candidates.size() == 1) {
            return;
        }
        boolean[] evaluated = choice.evaluated(pass);
        double[] byMixture = choice.mixtureGradient(pass);
        TwoLanes.run(length, lane -> {
            for (int j = lane; j < evaluated.length; j += 2) {
                if (evaluated[j]) {
                    byMixture[j] += Statistics.dot(gradient, quantized[j], 0, length);
                }
            }
        });
    }

    /** Turns the gradients by probabilities and mixture into that by alpha. */
    void finishArchitectureGradient() {
        choice.finishGradient();
    }

    /** Parameters trained by gradient, of all candidates. */
    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        candidates.forEach(candidate -> parameters.addAll(candidate.parameters()));
        return parameters;
    }
}
