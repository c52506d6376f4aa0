package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;

/**
 * One bit by the sign (Courbariaux et al. 2015, BinaryConnect, and 2016, Binarized Neural Networks):
 * {@code W^ = mean|W| sign(W)}, {@code sign(0) = +1}. For fixed signs the mean magnitude is the scale of least squares.
 *
 * <p>
 * The stochastic form (BinaryConnect equation 2 with the scale) draws the sign in training,
 * {@code P(+1) = clip((W/alpha + 1)/2, 0, 1)}, and is deterministic at inference. A draw is a function of the training
 * step and the position alone, so that a run can be repeated.
 */
final class SignQuantizer extends ScaleFromData {
    /** Beyond this the gradient stops (BinaryNet equation 4). */
    static final float GRADIENT_CLIP = 1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final boolean stochastic;
    private boolean drawing;
    private long step;
    private long shape;

    SignQuantizer(Place place, QuantizerSettings settings) {
        super(place);
        stochastic = settings.stochasticSign();
    }

    @Override
    public String variant() {
        return stochastic ? "stochastic" : "";
    }

    @Override
    float measure(int unit, float[] data, int from, int length) {
        return (float) Statistics.meanMagnitude(data, from, length);
    }

    @Override
    public void startObserving(int rows, int columns, boolean training) {
        drawing = training && stochastic;
        step += drawing ? 1 : 0;
        // Layers of different shapes shall not draw the same.
        shape = (long) rows << Integer.SIZE | columns;
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        new TwoLevels(scale[unit], 0).forward(data, from, length, quantized);
    }

    /** Draws go by the place in the whole matrix. */
    @Override
    public boolean rowsAreAlike() {
        return !stochastic && super.rowsAreAlike();
    }

    @Override
    public void forward(int row, float[] data, int from, int length, float[] quantized) {
        if (!drawing) {
            super.forward(row, data, from, length, quantized);
            return;
        }
        int size = partition().groups() == 1 ? length : partition().groupSize();
        int first = partition().firstUnit(row);
        for (int i = 0; i < length; i++) {
            float alpha = scale[first + i / size];
            // alpha u < alpha P(+1), written so that data that are all zero divide nothing by nothing.
            float threshold = alpha * (2 * uniform(row * length + i) - 1);
            quantized[from + i] = data[from + i] > threshold ? alpha : -alpha;
        }
    }

    /** A number in [0, 1) from step, shape and position (the finaliser of SplitMix64). */
    private float uniform(int position) {
        long bits = (step + shape * 0xD1B54A32D192ED03L) * GOLDEN + position;
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return ((bits ^ bits >>> 31) >>> 40) * 0x1p-24f;
    }

    /** Straight through where {@code |x| <= 1}. */
    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        StraightThrough.within(-GRADIENT_CLIP, GRADIENT_CLIP, data, from, length, gradient, weight, dataGradient);
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("drawing", drawing);
        state.put("draws", step, shape);
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        drawing = state.flag("drawing");
        long[] draws = state.integers("draws", 2);
        step = draws[0];
        shape = draws[1];
    }

    @Override
    Codebook codebook(int unit) {
        return new TwoLevels(scale[unit], 0);
    }

    @Override
    public ActivationCode freezeActivations() {
        return new TwoLevels(scale[0], 0).freeze();
    }
}
