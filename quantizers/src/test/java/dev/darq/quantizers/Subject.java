package dev.darq.quantizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One case of the walks over all quantizers: a candidate in a role, with or without LQ's offset, on data of a sign.
 *
 * @param negative whether the data go below zero (what PACT decides by)
 */
record Subject(Candidate candidate, Role role, boolean negative, boolean offset) {
    static final int ROWS = 3;
    static final int COLUMNS = 67;

    /** Every candidate in both roles; activations also without negative values; LQ also with the offset turned. */
    static Stream<Subject> all() {
        List<Subject> subjects = new ArrayList<>();
        for (Candidate candidate : Candidate.all()) {
            subjects.add(new Subject(candidate, Role.WEIGHTS, true, false));
            subjects.add(new Subject(candidate, Role.ACTIVATIONS, true, false));
            subjects.add(new Subject(candidate, Role.ACTIVATIONS, false, false));
            if (candidate.scheme() == Scheme.LQ) {
                subjects.add(new Subject(candidate, Role.WEIGHTS, true, true));
                subjects.add(new Subject(candidate, Role.ACTIVATIONS, true, true));
                subjects.add(new Subject(candidate, Role.ACTIVATIONS, false, true));
            }
        }
        return subjects.stream();
    }

    static Stream<Subject> weights() {
        return all().filter(subject -> subject.role == Role.WEIGHTS);
    }

    static Stream<Subject> activations() {
        return all().filter(subject -> subject.role == Role.ACTIVATIONS);
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

    Quantizer create(int rows) {
        return Quantizer.create(candidate, role, rows, new QuantizerSettings(offset, offset));
    }

    Quantizer initialized(float[] data, int rows) {
        Quantizer quantizer = create(rows);
        quantizer.initialize(data, rows, data.length / rows);
        return quantizer;
    }

    Quantizer initialized() {
        return initialized(data(1), ROWS);
    }

    /** The paper's formula with what the quantizer fitted for a row. */
    PaperFormula formula(Quantizer quantizer, int row) {
        int bits = candidate.bits();
        float[] state = quantizer.statistics();
        int channel = role == Role.WEIGHTS ? row : 0;
        return switch (candidate.scheme()) {
            case LSQ_PLUS -> PaperFormula.Lsq.of(candidate, role);
            case PACT -> new PaperFormula.Pact(bits, quantizer.variant().equals("signed"));
            case UNIFORM -> new PaperFormula.Uniform(bits, state[channel]);
            case LQ -> {
                int at = channel * (bits + 1);
                yield PaperFormula.Lq.of(Arrays.copyOfRange(state, at, at + bits), state[at + bits],
                        role == Role.ACTIVATIONS);
            }
            case FLOAT -> new PaperFormula.Ieee(bits);
        };
    }

    /** The point {@code {x, parameters...}} at which a formula is taken. */
    static double[] point(Quantizer quantizer, double x) {
        List<Parameter> parameters = quantizer.parameters();
        double[] point = new double[1 + parameters.size()];
        point[0] = x;
        for (int k = 0; k < parameters.size(); k++) {
            point[1 + k] = parameters.get(k).value()[0];
        }
        return point;
    }

    /** What float32 arithmetic may differ by from the formula, in units of the data. */
    static double tolerance(PaperFormula formula, double[] point) {
        return 1e-6 * (Math.abs(point[0]) + formula.reach(point)) + Float.MIN_NORMAL;
    }

    /**
     * Values inside and far outside the range of a row, zeros among them, but none so close to a tie or an end that
     * float32 may decide otherwise than the formula.
     */
    float[] probes(Quantizer quantizer, int row, long seed) {
        Random random = new Random(seed);
        PaperFormula formula = formula(quantizer, row);
        double spread = Math.max(formula.reach(point(quantizer, 0)), 1);
        float[] probes = new float[COLUMNS];
        for (int i = 0; i < probes.length; i++) {
            double[] point;
            do {
                double wide = i % 16 == 0 ? 100 * spread : 1.5 * spread;
                probes[i] = i == 5 ? 0 : (float) (wide * (2 * random.nextDouble() - 1));
                point = point(quantizer, probes[i]);
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
        return candidate + " " + role.name().toLowerCase(java.util.Locale.ROOT) + (negative ? "" : " non-negative")
                + (offset ? " with offset" : "");
    }
}
