package dev.darq.quantizers;

import java.util.Arrays;

/**
 * A quantizer whose scale is a function of the data. That of weights follows them exactly; that of activations is set by
 * calibration and then follows the running value of the training batches, since at inference it must be a constant.
 */
abstract class ScaleFromData extends Quantizer {
    private static final float MOMENTUM = 0.99f;

    /** The scales, one a unit. */
    final float[] scale;

    ScaleFromData(Place place) {
        super(place);
        scale = new float[partition().units()];
        Arrays.fill(scale, 1);
    }

    /** The scale of these values. */
    abstract float measure(int unit, float[] data, int from, int length);

    @Override
    void fit(int unit, float[] data, int from, int length) {
        scale[unit] = measure(unit, data, from, length);
    }

    @Override
    public final boolean follows(boolean training) {
        return isWeights() || training;
    }

    @Override
    void follow(int unit, float[] data, int from, int length) {
        float measured = measure(unit, data, from, length);
        scale[unit] = isWeights() ? measured : MOMENTUM * scale[unit] + (1 - MOMENTUM) * measured;
    }

    @Override
    public final float[] statistics() {
        return scale.clone();
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("scale", scale);
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        state.take("scale", scale);
    }
}
