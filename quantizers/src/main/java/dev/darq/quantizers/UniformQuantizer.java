package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import java.util.Arrays;

/**
 * Uniform symmetric quantization, nothing learned: {@code s = max|x| / (2^(b-1) - 1)}, codes clipped to
 * {@code +-(2^(b-1) - 1)}. One bit is the sign times the mean magnitude. Where {@link Clip} asks for it, calibration
 * finds the fraction of the maximum at which data are clipped.
 */
final class UniformQuantizer extends ScaleFromData {
    private final Clip clip;
    private final float[] fraction;

    UniformQuantizer(Place place, QuantizerSettings settings) {
        super(place);
        clip = settings.clip();
        fraction = new float[partition().units()];
        Arrays.fill(fraction, 1);
    }

    private UniformGrid grid(float magnitude) {
        return UniformGrid.symmetric(Math.max(magnitude / ((1 << (bits() - 1)) - 1), UniformGrid.LEAST_SCALE), bits());
    }

    @Override
    void fit(int unit, float[] data, int from, int length) {
        if (bits() > 1) {
            float maximum = Statistics.maximumMagnitude(data, from, length);
            float[] quantized = new float[from + length];
            fraction[unit] = ClipSearch.fraction(clip, data, from, length, part -> {
                grid(maximum * part).forward(data, from, length, quantized);
                return Statistics.squaredDistance(data, quantized, from, length);
            });
        }
        super.fit(unit, data, from, length);
    }

    /** The clipped maximum magnitude, or at one bit the mean magnitude. */
    @Override
    float measure(int unit, float[] data, int from, int length) {
        return bits() == 1
                ? (float) Statistics.meanMagnitude(data, from, length)
                : fraction[unit] * Statistics.maximumMagnitude(data, from, length);
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        if (bits() == 1) {
            new TwoLevels(scale[unit], 0).forward(data, from, length, quantized);
        } else {
            grid(scale[unit]).forward(data, from, length, quantized);
        }
    }

    /** Straight through inside the range; at one bit everywhere. */
    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        float reach = bits() == 1 ? Float.POSITIVE_INFINITY : scale[unit];
        StraightThrough.within(-reach, reach, data, from, length, gradient, weight, dataGradient);
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("fraction", fraction);
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        state.take("fraction", fraction);
    }

    @Override
    Codebook codebook(int unit) {
        return bits() == 1 ? new TwoLevels(scale[unit], 0) : grid(scale[unit]);
    }

    @Override
    public ActivationCode freezeActivations() {
        return bits() == 1 ? new TwoLevels(scale[0], 0).freeze() : grid(scale[0]).freeze(bits());
    }
}
