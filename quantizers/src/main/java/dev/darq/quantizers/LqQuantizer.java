package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.BinaryLevels;
import dev.darq.kernels.LevelActivation;
import java.util.Arrays;

/**
 * Learned quantization by binary codes (LQ-Nets, Zhang et al. 2018; thesis on LQFullyConnected): the levels are all
 * {@code 2^K} sums of a basis with signs, the thresholds their midpoints. Weights have a basis per output channel unless
 * another granularity is set, activations one; an offset beside the basis is optional.
 *
 * <p>
 * The basis is fitted by {@link Qem}, not through the loss. In training it makes one alternation a step: with least
 * squares {@code a <- 0.9 a + 0.1 a_new}, with the thesis's solver one gradient step. The gradient by the data is the
 * identity for weights, and the identity inside the range of the levels for activations.
 */
final class LqQuantizer extends Quantizer {
    private static final float MOMENTUM = 0.9f;
    private static final int MOST_CALIBRATION_VALUES = 1 << 17;
    /** Of a batch's activations, which move the basis by a tenth: a basis of a few vectors is known from so many. */
    private static final int MOST_FOLLOWED_VALUES = 1 << 15;
    /** Its fraction, in units of 2^-64. */
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    /** Gradient steps for the same codes while a basis is fitted from scratch. */
    private static final int FITTING_STEPS = 20;
    private static final double REFIT_CONVERGED = 1e-6;
    private static final float SMALLEST_STEP_KEEPS = 1 - 1f / 32;

    private final BasisSolver fitting;
    private final BasisSolver training;
    private final float keep;
    private final boolean fitOffset;
    private final float[][] basis;
    private final float[] offset;
    private final BinaryLevels[] levels;

    private LqQuantizer(Place place, QuantizerSettings settings, BasisSolver fitting, BasisSolver training,
            float keep) {
        super(place);
        this.fitting = fitting;
        this.training = training;
        this.keep = keep;
        fitOffset = isWeights() ? settings.lqWeightOffset() : settings.lqActivationOffset();
        int units = partition().units();
        basis = new float[units][bits()];
        offset = new float[units];
        levels = new BinaryLevels[units];
        for (int unit = 0; unit < units; unit++) {
            for (int i = 0; i < bits(); i++) {
                basis[unit][i] = 1 << i;
            }
            set(unit, 0);
        }
    }

    /** LQ-Nets: the basis in closed form. */
    static LqQuantizer leastSquares(Place place, QuantizerSettings settings) {
        return new LqQuantizer(place, settings, Qem::leastSquares, Qem::leastSquares, MOMENTUM);
    }

    /** The thesis: gradient steps with an L2 penalty. */
    static LqQuantizer gradient(Place place, QuantizerSettings settings) {
        return new LqQuantizer(place, settings, new GradientQem(FITTING_STEPS), new GradientQem(1), 0);
    }

    @Override
    public String variant() {
        return fitOffset ? "offset" : "";
    }

    @Override
    void fit(int unit, float[] data, int from, int length) {
        if (length > MOST_CALIBRATION_VALUES) {
            float[] sample = sample(data, from, length, MOST_CALIBRATION_VALUES);
            set(unit, Qem.fit(sample, 0, sample.length, basis[unit], fitOffset, fitting));
        } else {
            set(unit, Qem.fit(data, from, length, basis[unit], fitOffset, fitting));
        }
    }

    /** Spread by a Weyl sequence: equal distances would meet the same columns of a matrix again and again. */
    private static float[] sample(float[] data, int from, int length, int size) {
        float[] sample = new float[size];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = data[from + (int) ((i * GOLDEN_RATIO >>> Integer.SIZE) * length >>> Integer.SIZE)];
        }
        return sample;
    }

    /**
     * The thesis's second phase: alternates encoding the data and the least-squares basis that decodes the codes to the
     * target, from the present basis on. The thresholds follow the levels, so a whole step may raise the error: then half
     * of it is tried, and so on, until no step lowers it.
     */
    @Override
    public void refit(float[] data, float[] target, int rows, int columns) {
        int length = rows * columns;
        CodeStatistics statistics = new CodeStatistics(bits());
        double least = encode(data, target, length, statistics);
        float kept = 0;
        while (kept < SMALLEST_STEP_KEEPS) {
            float[] before = basis[0].clone();
            float offsetBefore = offset[0];
            solve(0, fitting, kept, statistics);
            double error = encode(data, target, length, statistics);
            if (error < least * (1 - REFIT_CONVERGED)) {
                least = error;
                continue;
            }
            System.arraycopy(before, 0, basis[0], 0, before.length);
            set(0, offsetBefore);
            encode(data, target, length, statistics);
            kept = (1 + kept) / 2;
        }
    }

    /** Collects the targets by the codes of the data; returns the squared error. */
    private double encode(float[] data, float[] target, int length, CodeStatistics statistics) {
        statistics.clear();
        BinaryLevels present = levels[0];
        double error = 0;
        for (int i = 0; i < length; i++) {
            if (Float.isFinite(target[i])) {
                int level = present.encode(data[i]);
                statistics.add(present.codes()[level], target[i]);
                double distance = present.levels()[level] - target[i];
                error += distance * distance;
            }
        }
        return error;
    }

    private void set(int unit, float newOffset) {
        offset[unit] = newOffset;
        levels[unit] = new BinaryLevels(basis[unit], newOffset);
    }

    @Override
    public boolean follows(boolean training) {
        return training;
    }

    /** One alternation of QEM, moved into the basis by a moving average. */
    @Override
    void follow(int unit, float[] data, int from, int length) {
        if (!isWeights() && length > MOST_FOLLOWED_VALUES) {
            alternate(unit, sample(data, from, length, MOST_FOLLOWED_VALUES), 0, MOST_FOLLOWED_VALUES);
        } else {
            alternate(unit, data, from, length);
        }
    }

    private void alternate(int unit, float[] data, int from, int length) {
        CodeStatistics statistics = new CodeStatistics(bits());
        BinaryLevels present = levels[unit];
        if (bits() <= LevelSweep.MOST_BITS) {
            LevelSweep.collect(present, data, from, length, statistics);
        } else {
            for (int i = from; i < from + length; i++) {
                statistics.add(present.codes()[present.encode(data[i])], data[i]);
            }
        }
        solve(unit, training, keep, statistics);
    }

    /** Solves for the basis of the collected codes, of which a part moves into the present one. */
    private void solve(int unit, BasisSolver solver, float kept, CodeStatistics statistics) {
        float[] moving = basis[unit];
        double[] solved = new double[moving.length];
        Arrays.setAll(solved, i -> moving[i]);
        float solvedOffset = (float) solver.solve(statistics, solved, offset[unit], fitOffset);
        for (int i = 0; i < moving.length; i++) {
            moving[i] = kept * moving[i] + (1 - kept) * (float) solved[i];
        }
        set(unit, kept * offset[unit] + (1 - kept) * solvedOffset);
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        BinaryLevels present = levels[unit];
        if (bits() <= LevelSweep.MOST_BITS) {
            LevelSweep.quantize(present, data, from, length, quantized);
            return;
        }
        float[] values = present.levels();
        for (int i = from; i < from + length; i++) {
            quantized[i] = values[present.encode(data[i])];
        }
    }

    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        float low = Float.NEGATIVE_INFINITY;
        float high = Float.POSITIVE_INFINITY;
        if (!isWeights()) {
            float[] values = levels[unit].levels();
            low = values[0];
            high = values[values.length - 1];
        }
        StraightThrough.within(low, high, data, from, length, gradient, weight, dataGradient);
    }

    /** Basis and offset, one unit after the other. */
    @Override
    public float[] statistics() {
        int bits = bits();
        float[] state = new float[basis.length * (bits + 1)];
        for (int unit = 0; unit < basis.length; unit++) {
            System.arraycopy(basis[unit], 0, state, unit * (bits + 1), bits);
            state[unit * (bits + 1) + bits] = offset[unit];
        }
        return state;
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("bases", statistics());
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        float[] bases = new float[basis.length * (bits() + 1)];
        state.take("bases", bases);
        for (int unit = 0; unit < basis.length; unit++) {
            int at = unit * (bits() + 1);
            System.arraycopy(bases, at, basis[unit], 0, bits());
            set(unit, bases[at + bits()]);
        }
    }

    /**
     * The levels of a fitted basis.
     *
     * @param levels     levels and thresholds
     * @param basis      the basis [K], not changed afterwards
     * @param codeOffset the offset
     */
    private record FittedLevels(BinaryLevels levels, float[] basis, float codeOffset) implements Codebook {
        @Override
        public int code(float value) {
            return levels.codes()[levels.encode(value)];
        }
    }

    @Override
    Codebook codebook(int unit) {
        return new FittedLevels(levels[unit], basis[unit].clone(), offset[unit]);
    }

    @Override
    public ActivationCode freezeActivations() {
        return new LevelActivation(basis[0].clone(), offset[0]);
    }
}
