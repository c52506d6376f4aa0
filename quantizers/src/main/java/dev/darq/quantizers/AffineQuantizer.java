package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;

/**
 * Uniform asymmetric quantization, nothing learned (Jacob et al. 2018, equation 1 and section 3): {@code x^ = s (q - z)},
 * {@code q = clip(round(x/s) + z, 0, 2^b - 1)}, {@code s = (max - min) / (2^b - 1)} over a range that includes 0, and the
 * zero code {@code z = round(-min/s)} an integer, so that 0 is a level.
 *
 * <p>
 * Departures: one bit, whose two levels cannot have 0 among them without losing a side, is the mean plus and minus the
 * mean distance from it. The scale has 14 significant bits, so that the frozen code is exact. Where {@link Clip} asks for
 * it, calibration finds the fraction of the range at which data are clipped.
 */
final class AffineQuantizer extends Quantizer {
    private static final float MOMENTUM = 0.99f;

    private final Clip clip;
    private final float[] low;
    private final float[] high;
    private final float[] fraction;

    /** The range of a unit. */
    private record Range(float low, float high) {
        Range part(float fraction) {
            return new Range(low * fraction, high * fraction);
        }
    }

    AffineQuantizer(Place place, QuantizerSettings settings) {
        super(place);
        clip = settings.clip();
        int units = partition().units();
        low = new float[units];
        high = new float[units];
        fraction = new float[units];
    }

    private UniformGrid grid(Range range) {
        int highest = (1 << bits()) - 1;
        float scale = UniformGrid.coarse(Math.max((range.high - range.low) / highest, UniformGrid.LEAST_SCALE));
        int zero = Math.clamp(Math.round(-range.low / scale), 0, highest);
        return new UniformGrid(scale, 0, -zero, highest - zero);
    }

    private Range range(int unit) {
        return new Range(low[unit], high[unit]);
    }

    private TwoLevels twoLevels(int unit) {
        return new TwoLevels((high[unit] - low[unit]) / 2, (high[unit] + low[unit]) / 2);
    }

    private Range measure(float[] data, int from, int length) {
        if (bits() > 1) {
            return new Range(Math.min(Statistics.minimum(data, from, length), 0),
                    Math.max(Statistics.maximum(data, from, length), 0));
        }
        double mean = Statistics.meanAndDeviation(data, from, length)[0];
        double distance = 0;
        for (int i = from; i < from + length; i++) {
            distance += Math.abs(data[i] - mean);
        }
        distance /= length;
        return new Range((float) (mean - distance), (float) (mean + distance));
    }

    @Override
    void fit(int unit, float[] data, int from, int length) {
        Range range = measure(data, from, length);
        float[] quantized = new float[from + length];
        fraction[unit] = bits() == 1 ? 1 : ClipSearch.fraction(clip, data, from, length, part -> {
            grid(range.part(part)).forward(data, from, length, quantized);
            return Statistics.squaredDistance(data, quantized, from, length);
        });
        set(unit, range.part(fraction[unit]));
    }

    private void set(int unit, Range range) {
        low[unit] = range.low;
        high[unit] = range.high;
    }

    @Override
    public boolean follows(boolean training) {
        return isWeights() || training;
    }

    @Override
    void follow(int unit, float[] data, int from, int length) {
        Range measured = measure(data, from, length).part(fraction[unit]);
        set(unit, isWeights()
                ? measured
                : new Range(MOMENTUM * low[unit] + (1 - MOMENTUM) * measured.low,
                        MOMENTUM * high[unit] + (1 - MOMENTUM) * measured.high));
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        if (bits() == 1) {
            twoLevels(unit).forward(data, from, length, quantized);
        } else {
            grid(range(unit)).forward(data, from, length, quantized);
        }
    }

    /** Straight through inside the range of the levels; at one bit everywhere. */
    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        float least = Float.NEGATIVE_INFINITY;
        float most = Float.POSITIVE_INFINITY;
        if (bits() > 1) {
            UniformGrid grid = grid(range(unit));
            least = grid.lowest() * grid.scale();
            most = grid.highest() * grid.scale();
        }
        StraightThrough.within(least, most, data, from, length, gradient, weight, dataGradient);
    }

    /** The low end of every unit's range, then the high end of every one. */
    @Override
    public float[] statistics() {
        float[] state = new float[2 * low.length];
        System.arraycopy(low, 0, state, 0, low.length);
        System.arraycopy(high, 0, state, low.length, high.length);
        return state;
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("low", low);
        state.put("high", high);
        state.put("fraction", fraction);
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        state.take("low", low);
        state.take("high", high);
        state.take("fraction", fraction);
    }

    @Override
    Codebook codebook(int unit) {
        return bits() == 1 ? twoLevels(unit) : grid(range(unit));
    }

    @Override
    public ActivationCode freezeActivations() {
        return bits() == 1 ? twoLevels(0).freeze() : grid(range(0)).freeze(bits());
    }
}
