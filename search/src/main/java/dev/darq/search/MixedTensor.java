package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.Statistics;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A quantized tensor whose quantizer is being searched: the mixture {@code sum_j p_j Q_j(x)} of all candidates for the
 * weights or the input activations of one layer, with the {@code p} of a {@link RelaxedChoice}. With a single candidate it
 * is that quantizer.
 */
final class MixedTensor implements State.Holder {
    private final List<Quantizer> candidates;
    private final RelaxedChoice choice;
    private float[] quantized = new float[0];
    private final double[] errors;
    /** The gradient by the data that the second lane adds up. */
    private float[] laneGradient = new float[0];

    MixedTensor(String name, List<Quantizer> candidates) {
        this(new RelaxedChoice(name, candidates.size()), candidates);
    }

    /** A tensor whose choice others may share. */
    MixedTensor(RelaxedChoice choice, List<Quantizer> candidates) {
        this.candidates = List.copyOf(candidates);
        this.choice = choice;
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
        TwoLanes.run(length, lane -> {
            for (int j = lane; j < evaluated.length; j += 2) {
                if (evaluated[j]) {
                    candidates.get(j).observe(data, rows, columns, pass.following());
                }
            }
        });
        double[][] distances = new double[TwoLanes.COUNT][candidates.size()];
        float[] row = quantized(length);
        TwoLanes.run(length, lane -> {
            for (int r = TwoLanes.from(lane, rows); r < TwoLanes.to(lane, rows); r++) {
                int from = r * columns;
                Arrays.fill(mixed, from, from + columns, 0f);
                for (int j = 0; j < evaluated.length; j++) {
                    if (evaluated[j]) {
                        candidates.get(j).forward(r, data, from, columns, row);
                        add((float) p[j], row, from, from + columns, mixed);
                        if (architecture) {
                            distances[lane][j] += Statistics.squaredDistance(data, row, from, columns);
                        }
                    }
                }
            }
        });
        if (architecture) {
            double norm = Statistics.dot(data, data, 0, length);
            for (int j = 0; j < errors.length; j++) {
                errors[j] = norm > 0 ? (distances[0][j] + distances[1][j]) / norm : 0;
            }
        }
    }

    /** Room for quantized values, row by row: they stay in the cache while they are mixed, and are not kept. */
    private float[] quantized(int length) {
        if (quantized.length < length) {
            quantized = new float[length];
        }
        return quantized;
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
            for (int row = 0; row < rows; row++) {
                for (int j = lane; j < p.length; j += 2) {
                    if (p[j] != 0) {
                        candidates.get(j).backward(row, data, row * columns, columns, gradient, (float) p[j],
                                lane == 0 ? dataGradient : other);
                    }
                }
            }
        });
        for (int j = 0; j < p.length; j++) {
            if (p[j] != 0) {
                candidates.get(j).finishBackward(rows, columns);
                if (!pass.gradients().ofWeights()) {
                    candidates.get(j).parameters().forEach(Parameter::clearGradient);
                }
            }
        }
        add(1, other, 0, length, dataGradient);
        if (pass.gradients().ofArchitecture()) {
            mixtureBackward(data, rows, columns, pass, gradient);
        }
    }

    private float[] otherGradient(int length) {
        if (laneGradient.length < length) {
            laneGradient = new float[length];
        }
        Arrays.fill(laneGradient, 0, length, 0f);
        return laneGradient;
    }

    /** {@code dL/dp_j = sum_i g_i Q_j(x)_i}: all an outer step needs where nothing below wants a gradient. */
    void mixtureBackward(float[] data, int rows, int columns, Pass pass, float[] gradient) {
        int length = rows * columns;
        if (candidates.size() == 1) {
            return;
        }
        boolean[] evaluated = choice.evaluated(pass);
        double[] byMixture = choice.mixtureGradient(pass);
        double[][] products = new double[TwoLanes.COUNT][candidates.size()];
        float[] row = quantized(length);
        TwoLanes.run(length, lane -> {
            for (int r = TwoLanes.from(lane, rows); r < TwoLanes.to(lane, rows); r++) {
                int from = r * columns;
                for (int j = 0; j < evaluated.length; j++) {
                    if (evaluated[j]) {
                        candidates.get(j).forward(r, data, from, columns, row);
                        products[lane][j] += Statistics.dot(gradient, row, from, columns);
                    }
                }
            }
        });
        for (int j = 0; j < byMixture.length; j++) {
            byMixture[j] += products[0][j] + products[1][j];
        }
    }

    /** Parameters trained by gradient, of all candidates. */
    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        candidates.forEach(candidate -> parameters.addAll(candidate.parameters()));
        return parameters;
    }

    @Override
    public void save(State state) {
        choice.save(state.under("choice"));
        state.put("errors", errors);
        candidates.forEach(candidate -> candidate.save(state.under(candidate.candidate().toString())));
    }

    @Override
    public void restore(State state) {
        choice.restore(state.under("choice"));
        System.arraycopy(state.doubles("errors", errors.length), 0, errors, 0, errors.length);
        candidates.forEach(candidate -> candidate.restore(state.under(candidate.candidate().toString())));
    }
}
