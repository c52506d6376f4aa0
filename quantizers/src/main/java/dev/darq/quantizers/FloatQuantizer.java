package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.WeightCode;

/**
 * IEEE 754 half precision (round to nearest even, beyond 65504 infinity, straight-through gradient), or float32
 * unchanged.
 */
final class FloatQuantizer extends Quantizer {
    FloatQuantizer(Place place, QuantizerSettings settings) {
        super(place);
    }

    @Override
    void fit(int unit, float[] data, int from, int length) {}

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        if (bits() == 32) {
            System.arraycopy(data, from, quantized, from, length);
            return;
        }
        for (int i = from; i < from + length; i++) {
            quantized[i] = Float.float16ToFloat(Float.floatToFloat16(data[i]));
        }
    }

    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        StraightThrough.everywhere(from, length, gradient, weight, dataGradient);
    }

    @Override
    public WeightCode freezeWeights(float[] weights, int rows, int columns) {
        float[] values = new float[rows * columns];
        quantize(0, weights, 0, values.length, values);
        return new FloatWeights(rows, columns, bits(), values);
    }

    @Override
    public ActivationCode freezeActivations() {
        return new FloatActivation(bits());
    }
}
