package dev.darq.quantizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One case of the walks over all quantizers: a candidate in a role, under settings that matter to it, on data of a sign.
 *
 * @param negative whether the data go below zero (what PACT and LSQ decide by)
 */
record Subject(Candidate candidate, Role role, boolean negative, QuantizerSettings settings) {
    static final int ROWS = 3;
    static final int COLUMNS = 67;
    /** Does not divide the columns: the last group of a row is a short one. */
    static final int GROUP = 16;
    static final QuantizerSettings PLAIN = QuantizerSettings.DEFAULT.withLqOffset(false, false);

    Subject(Candidate candidate, Role role, boolean negative, boolean offset) {
        this(candidate, role, negative, PLAIN.withLqOffset(offset, offset));
    }

    /** Every registered candidate in its roles, with every granularity and option that its scheme has. */
    static Stream<Subject> all() {
        List<Subject> subjects = new ArrayList<>();
        for (Candidate candidate : Candidate.all()) {
            for (QuantizerSettings settings : options(candidate)) {
                if (candidate.scheme().roles().contains(Role.WEIGHTS)) {
                    for (Granularity granularity : granularities(candidate)) {
                        subjects.add(new Subject(candidate, Role.WEIGHTS, true,
                                settings.withGranularity(granularity, GROUP)));
                    }
                }
                if (candidate.scheme().roles().contains(Role.ACTIVATIONS)) {
                    subjects.add(new Subject(candidate, Role.ACTIVATIONS, true, settings));
                    subjects.add(new Subject(candidate, Role.ACTIVATIONS, false, settings));
                }
            }
        }
        return subjects.stream();
    }

    private static List<QuantizerSettings> options(Candidate candidate) {
        return switch (candidate.scheme()) {
            case LQ, LQ_GRADIENT -> List.of(PLAIN, PLAIN.withLqOffset(true, true));
            case UNIFORM, AFFINE ->
                List.of(PLAIN, PLAIN.withClip(Clip.MSE), PLAIN.withClip(Clip.PERCENTILE));
            case SIGN -> List.of(PLAIN, PLAIN.withStochasticSign(true));
            default -> List.of(PLAIN);
        };
    }

    private static List<Granularity> granularities(Candidate candidate) {
        return candidate.scheme() == Scheme.FLOAT
                ? List.of(Granularity.PAPER)
                : List.of(Granularity.TENSOR, Granularity.CHANNEL, Granularity.GROUP);
    }

    static Stream<Subject> weights() {
        return all().filter(subject -> subject.role == Role.WEIGHTS);
    }

    static Stream<Subject> activations() {
        return all().filter(subject -> subject.role == Role.ACTIVATIONS);
    }

    Scheme scheme() {
        return candidate.scheme();
    }

    int bits() {
        return candidate.bits();
    }

    /** Normal values {@code [ROWS, COLUMNS]}, off centre, each row with a spread of its own. */
    float[] data(long seed) {
        return data(seed, ROWS, COLUMNS);
    }

    float[] data(long seed, int rows, int columns) {
        Random random = new Random(seed);
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            double value = (0.4 + random.nextGaussian()) * 0.3 * (1 + i / columns);
            data[i] = (float) (negative ? value : Math.max(value, 0));
        }
        return data;
    }

    Quantizer create(int rows, int columns) {
        return Quantizer.create(candidate, role, rows, columns, settings);
    }

    Quantizer initialized(float[] data, int rows) {
        Quantizer quantizer = create(rows, data.length / rows);
        quantizer.initialize(data, rows, data.length / rows);
        return quantizer;
    }

    Quantizer initialized() {
        return initialized(data(1), ROWS);
    }

    /** The unit that a value of the matrix belongs to, counted independently of {@link Partition}. */
    int unit(int row, int column, int columns) {
        Granularity granularity = settings.granularity() == Granularity.PAPER
                ? scheme().weightGranularity()
                : settings.granularity();
        if (role == Role.ACTIVATIONS || granularity == Granularity.TENSOR) {
            return 0;
        }
        int groups = (columns + GROUP - 1) / GROUP;
        return granularity == Granularity.CHANNEL ? row : row * groups + column / GROUP;
    }

    int unit(int row) {
        return unit(row, 0, COLUMNS);
    }

    /** How many values of {@code [ROWS, COLUMNS]} share the parameters of a unit. */
    int count(int unit) {
        int count = 0;
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            count += unit(i / COLUMNS, i % COLUMNS, COLUMNS) == unit ? 1 : 0;
        }
        return count;
    }

    /** The paper's formula with what the quantizer fitted for a unit. */
    PaperFormula formula(Quantizer quantizer, int unit) {
        int bits = bits();
        float[] state = quantizer.statistics();
        return switch (scheme()) {
            case LSQ -> PaperFormula.Lsq.of(bits, quantizer.variant().equals("signed"));
            case LSQ_PLUS -> PaperFormula.Lsq.of(bits, role == Role.WEIGHTS || bits == 1);
            case PACT -> new PaperFormula.Pact(bits, quantizer.variant().equals("signed"));
            case UNIFORM -> new PaperFormula.Uniform(bits, state[unit]);
            case AFFINE -> PaperFormula.Affine.of(bits, state[unit], state[state.length / 2 + unit]);
            case LQ, LQ_GRADIENT -> {
                int at = unit * (bits + 1);
                yield PaperFormula.Lq.of(Arrays.copyOfRange(state, at, at + bits), state[at + bits],
                        role == Role.ACTIVATIONS);
            }
            case SIGN -> new SignFormulas.Sign(state[unit]);
            case XNOR -> new SignFormulas.Xnor(state[unit], count(unit));
            case TERNARY -> new SignFormulas.Ternary(state[unit]);
            case TOKEN -> new FloatFormulas.Token(bits);
            case FLOAT -> new FloatFormulas.Ieee(bits);
        };
    }

    /** The point {@code {x, parameters...}} at which a unit's formula is taken. */
    static double[] point(Quantizer quantizer, int unit, double x) {
        List<Parameter> parameters = quantizer.parameters();
        double[] point = new double[1 + parameters.size()];
        point[0] = x;
        for (int k = 0; k < parameters.size(); k++) {
            point[1 + k] = parameters.get(k).value()[unit];
        }
        return point;
    }

    /** What float32 arithmetic may differ by from the formula, in units of the data. */
    static double tolerance(PaperFormula formula, double[] point) {
        return 1e-6 * (Math.abs(point[0]) + formula.reach(point)) + Float.MIN_NORMAL;
    }

    /**
     * Values inside and far outside the range of a unit, zeros among them, but none so close to a tie or an end that
     * float32 may decide otherwise than the formula.
     */
    float[] probes(Quantizer quantizer, int unit, long seed) {
        Random random = new Random(seed);
        PaperFormula formula = formula(quantizer, unit);
        double spread = Math.max(formula.reach(point(quantizer, unit, 0)), 1);
        float[] probes = new float[COLUMNS];
        for (int i = 0; i < probes.length; i++) {
            double[] point;
            do {
                double wide = i % 16 == 0 ? 100 * spread : 1.5 * spread;
                probes[i] = i == 5 ? 0 : (float) (wide * (2 * random.nextDouble() - 1));
                point = point(quantizer, unit, probes[i]);
            } while (i != 5 && formula.distanceToJump(point) < 2 * tolerance(formula, point));
            if (i == 5 && formula.distanceToJump(point) < 2 * tolerance(formula, point)) {
                probes[i] = probes[i - 1];
            }
        }
        return probes;
    }

    float[] forward(Quantizer quantizer, int row, float... values) {
        float[] quantized = new float[values.length];
        quantizer.forward(row, values, 0, values.length, quantized);
        return quantized;
    }

    /** Forward over a whole tensor. */
    float[] forwardRows(Quantizer quantizer, float[] data, int rows) {
        float[] quantized = new float[data.length];
        int columns = data.length / rows;
        for (int row = 0; row < rows; row++) {
            quantizer.forward(row, data, row * columns, columns, quantized);
        }
        return quantized;
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>(List.of(candidate.toString(), role.name().toLowerCase(Locale.ROOT)));
        if (role == Role.WEIGHTS) {
            words.add("by " + settings.granularity().label());
        }
        words.add(negative ? "" : "non-negative");
        words.add(settings.lqWeightOffset() ? "with offset" : "");
        words.add(settings.clip() == Clip.MAX ? "" : "clipped by " + settings.clip().label());
        words.add(settings.stochasticSign() ? "stochastic" : "");
        return String.join(" ", words.stream().filter(word -> !word.isEmpty()).toList());
    }
}
