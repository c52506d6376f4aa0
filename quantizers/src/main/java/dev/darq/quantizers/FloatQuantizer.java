package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.WeightCode;

/** IEEE 754 half precision (round to nearest even, straight-through gradient), or float32 unchanged. */
final class FloatQuantizer extends Quantizer {
    FloatQuantizer(Candidate candidate, Role role) {
        super(candidate, role);
    }

    @Override
    public void initialize(float[] data, int rows, int columns) {}

    @Override
    public void forward(int row, float[] data, int from, int length, float[] quantized) {
        if (candidate().bits() == 32) {
            System.arraycopy(data, from, quantized, from, length);
            return;
        }
        for (int i = from; i < from + length; i++) {
            quantized[i] = Float.float16ToFloat(Float.floatToFloat16(data[i]));
        }
    }

    @Override
    public void backward(int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        for (int i = from; i < from + length; i++) {
            dataGradient[i] += gradient[i] * weight;
        }
    }

    @Override
    public WeightCode freezeWeights(float[] weights, int rows, int columns) {
        float[] values = new float[rows * columns];
        forward(0, weights, 0, values.length, values);
        return new FloatWeights(rows, columns, candidate().bits(), values);
    }

    @Override
    public ActivationCode freezeActivations() {
        return new FloatActivation(candidate().bits());
    }
}
