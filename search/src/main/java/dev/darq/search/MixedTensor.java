package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.Statistics;
import dev.darq.quantizers.State;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A quantized tensor whose quantizer is being searched: the mixture {@code sum_j p_j Q_j(x)} of all candidates for the
 * weights or the input activations of one layer, with the {@code p} of a {@link RelaxedChoice}. With a single candidate it
 * is that quantizer.
 */
final class MixedTensor implements State.Holder {
    /** Values that all candidates pass over before the next ones: a few arrays of them fit the second cache. */
    private static final int BLOCK = 4096;

    private final List<Quantizer> candidates;
    private final RelaxedChoice choice;
    private final double[] errors;
    private final RowBlock[] blocks = IntStream.range(0, Parts.COUNT).mapToObj(RowBlock::new).toArray(RowBlock[]::new);

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

    Quantizer candidate(Candidate candidate) {
        return candidates.get(indexOf(candidate));
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

    /** Whether the mixture of a pass is the data themselves. */
    boolean isExact(Pass pass) {
        return pass.quantization() == Pass.Quantization.NONE
                || candidates.size() == 1 && candidates.getFirst().candidate().equals(Candidate.FLOAT32);
    }

    /**
     * Whether a pass wants a gradient here even if nothing below does. A choice that is made has no gradient by alpha: the
     * derivative of the softmax is 0.
     */
    boolean learns(Pass pass) {
        return pass.gradients().ofWeights() || pass.gradients().ofArchitecture() && isOpen(pass);
    }

    private boolean isOpen(Pass pass) {
        int open = 0;
        for (boolean evaluated : choice.evaluated(pass)) {
            open += evaluated ? 1 : 0;
        }
        return open > 1;
    }

    /**
     * Computes the mixture, after its {@link #observers} saw the data.
     *
     * @param data  row-major {@code [rows, columns]}
     * @param mixed receives the mixture
     */
    void forward(MemorySegment data, int rows, int columns, Pass pass, MemorySegment mixed) {
        double[] p = mixture(pass);
        boolean architecture = pass.gradients().ofArchitecture() && candidates.size() > 1;
        boolean[] evaluated = evaluated(pass);
        double[][] distances = new double[Parts.COUNT][candidates.size()];
        double[] norms = new double[Parts.COUNT];
        sweep(rows, columns, block -> {
            Arrays.fill(block.result, 0, block.length, 0f);
            block.read(data, block.data);
            for (int j = 0; j < evaluated.length; j++) {
                if (evaluated[j]) {
                    candidates.get(j).forward(block.row, block.data, 0, block.length, block.quantized);
                    add((float) p[j], block.quantized, block.length, block.result);
                    if (architecture) {
                        distances[block.part][j] += Statistics.squaredDistance(block.data, block.quantized, 0,
                                block.length);
                    }
                }
            }
            if (architecture) {
                norms[block.part] += Statistics.dot(block.data, block.data, 0, block.length);
            }
            block.write(mixed);
        });
        if (architecture) {
            double norm = Arrays.stream(norms).sum();
            for (int j = 0; j < errors.length; j++) {
                errors[j] = norm > 0 ? sum(distances, j) / norm : 0;
            }
        }
    }

    /** Weights of the candidates in a pass. */
    private double[] mixture(Pass pass) {
        if (pass.quantization() == Pass.Quantization.HARD || candidates.size() == 1) {
            double[] one = new double[candidates.size()];
            one[mostProbable()] = 1;
            return one;
        }
        return choice.mixture(pass);
    }

    private boolean[] evaluated(Pass pass) {
        if (pass.quantization() == Pass.Quantization.HARD || candidates.size() == 1) {
            boolean[] one = new boolean[candidates.size()];
            one[mostProbable()] = true;
            return one;
        }
        return choice.evaluated(pass);
    }

    /** The candidates that a pass needs, which follow the data before {@link #forward}. */
    Observers observers(Pass pass) {
        boolean[] evaluated = evaluated(pass);
        return new Observers(IntStream.range(0, evaluated.length).filter(j -> evaluated[j]).mapToObj(candidates::get)
                .toList(), pass.following());
    }

    private static void add(float p, float[] values, int length, float[] mixed) {
        for (int i = 0; i < length; i++) {
            mixed[i] += p * values[i];
        }
    }

    /** Takes the rows in blocks that stay in the cache while all candidates pass over them; each part has some. */
    private void sweep(int rows, int columns, Consumer<RowBlock> body) {
        int together = candidates.stream().allMatch(Quantizer::rowsAreAlike) ? Math.max(1, BLOCK / columns) : 1;
        Parts.run((long) rows * columns * candidates.size(), part -> {
            RowBlock block = blocks[part];
            block.reserve(together * columns);
            int end = Parts.to(part, rows);
            for (int row = Parts.from(part, rows); row < end; row += together) {
                block.at(row, columns, Math.min(together, end - row));
                body.accept(block);
            }
        });
    }

    /**
     * Runs backward after {@link #forward} with the same data and pass.
     *
     * @param gradient     gradient of the loss by the mixture
     * @param dataGradient receives the gradient by the data, unless it is empty
     * @param adds         whether to add it to what is there
     */
    void backward(MemorySegment data, int rows, int columns, Pass pass, MemorySegment gradient,
            MemorySegment dataGradient, boolean adds) {
        double[] p = mixture(pass);
        boolean architecture = pass.gradients().ofArchitecture() && isOpen(pass);
        boolean[] evaluated = evaluated(pass);
        boolean below = dataGradient.byteSize() > 0;
        double[][] products = new double[Parts.COUNT][candidates.size()];
        sweep(rows, columns, block -> {
            if (adds) {
                block.read(dataGradient, block.result);
            } else {
                Arrays.fill(block.result, 0, block.length, 0f);
            }
            block.read(data, block.data);
            block.read(gradient, block.gradient);
            for (int j = 0; j < p.length; j++) {
                if (p[j] != 0 && (below || !candidates.get(j).parameters().isEmpty())) {
                    candidates.get(j).backward(block.part, block.row, block.data, 0, block.length, block.gradient,
                            (float) p[j], block.result);
                }
                if (architecture && evaluated[j]) {
                    products[block.part][j] += product(j, block);
                }
            }
            if (below) {
                block.write(dataGradient);
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
        if (architecture) {
            addToMixtureGradient(pass, products);
        }
    }

    /** {@code dL/dp_j = sum_i g_i Q_j(x)_i}: all an outer step needs where nothing below wants a gradient. */
    void mixtureBackward(MemorySegment data, int rows, int columns, Pass pass, MemorySegment gradient) {
        boolean[] evaluated = evaluated(pass);
        double[][] products = new double[Parts.COUNT][candidates.size()];
        sweep(rows, columns, block -> {
            block.read(data, block.data);
            block.read(gradient, block.gradient);
            for (int j = 0; j < evaluated.length; j++) {
                if (evaluated[j]) {
                    products[block.part][j] += product(j, block);
                }
            }
        });
        addToMixtureGradient(pass, products);
    }

    private double product(int j, RowBlock block) {
        candidates.get(j).forward(block.row, block.data, 0, block.length, block.quantized);
        return Statistics.dot(block.gradient, block.quantized, 0, block.length);
    }

    private static double sum(double[][] parts, int j) {
        double sum = 0;
        for (double[] part : parts) {
            sum += part[j];
        }
        return sum;
    }

    private void addToMixtureGradient(Pass pass, double[][] products) {
        double[] byMixture = choice.mixtureGradient(pass);
        for (int j = 0; j < byMixture.length; j++) {
            byMixture[j] += sum(products, j);
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
