package dev.darq.quantizers;

import java.util.Arrays;

/**
 * The weights of XNOR-Net and BWN (Rastegari et al. 2016, equations 6 and 7): {@code W^ = alpha sign(W)} with
 * {@code alpha = mean|W|} of each output channel. What sets it apart from {@code sign} is its gradient, which knows that
 * the scale follows the weights (section 3.1): {@code dC/dW_i = dC/dW^_i (1/n + alpha)} where {@code |W_i| <= 1}, and
 * {@code dC/dW^_i / n} elsewhere; n is the number of weights that share the scale.
 */
final class XnorQuantizer extends ScaleFromData {
    private final int[] count;

    XnorQuantizer(Place place, QuantizerSettings settings) {
        super(place);
        count = new int[partition().units()];
    }

    @Override
    float measure(int unit, float[] data, int from, int length) {
        count[unit] = length;
        return (float) Statistics.meanMagnitude(data, from, length);
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        new TwoLevels(scale[unit], 0).forward(data, from, length, quantized);
    }

    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        float everywhere = 1f / count[unit];
        float alpha = scale[unit];
        for (int i = from; i < from + length; i++) {
            float slope = everywhere + (Math.abs(data[i]) <= SignQuantizer.GRADIENT_CLIP ? alpha : 0f);
            dataGradient[i] += gradient[i] * weight * slope;
        }
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("count", Arrays.stream(count).asLongStream().toArray());
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        long[] counts = state.integers("count", count.length);
        Arrays.setAll(count, unit -> (int) counts[unit]);
    }

    @Override
    Codebook codebook(int unit) {
        return new TwoLevels(scale[unit], 0);
    }
}
