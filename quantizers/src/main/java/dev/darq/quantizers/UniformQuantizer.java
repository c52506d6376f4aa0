package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.WeightCode;
import java.util.Arrays;

/**
 * Uniform symmetric quantization, nothing learned: {@code s = max|x| / (2^(b-1) - 1)}, codes clipped to
 * {@code +-(2^(b-1) - 1)}; per output channel for weights, per tensor for activations. One bit is the sign times the mean
 * magnitude.
 *
 * <p>
 * The scale of weights follows them exactly; that of activations is set by calibration and then follows the running
 * maximum of the training batches, since at inference it must be a constant.
 */
final class UniformQuantizer extends Quantizer {
    private static final float MOMENTUM = 0.99f;
    /** Data that are all zero have no range: any positive step gives them the code 0. */
    private static final float LEAST_SCALE = Float.MIN_NORMAL * 1e6f;

    private final float[] magnitude;

    UniformQuantizer(Candidate candidate, Role role, int rows) {
        super(candidate, role);
        magnitude = new float[role == Role.WEIGHTS ? rows : 1];
        Arrays.fill(magnitude, 1);
    }

    private boolean oneBit() {
        return candidate().bits() == 1;
    }

    private UniformGrid grid(int channel) {
        int bits = candidate().bits();
        return UniformGrid.symmetric(Math.max(magnitude[channel] / ((1 << (bits - 1)) - 1), LEAST_SCALE), bits);
    }

    private int channel(int row) {
        return role() == Role.WEIGHTS ? row : 0;
    }

    /** Maximum magnitude, or at one bit the mean magnitude. */
    private float measure(float[] data, int from, int length) {
        return oneBit()
                ? (float) Statistics.meanMagnitude(data, from, length)
                : Statistics.maximumMagnitude(data, from, length);
    }

    @Override
    public void initialize(float[] data, int rows, int columns) {
        if (role() == Role.WEIGHTS) {
            observe(data, rows, columns, false);
        } else {
            magnitude[0] = measure(data, 0, rows * columns);
        }
    }

    @Override
    public void observe(float[] data, int rows, int columns, boolean training) {
        if (role() == Role.WEIGHTS) {
            for (int r = 0; r < rows; r++) {
                magnitude[r] = measure(data, r * columns, columns);
            }
        } else if (training) {
            magnitude[0] = MOMENTUM * magnitude[0] + (1 - MOMENTUM) * measure(data, 0, rows * columns);
        }
    }

    @Override
    public void forward(int row, float[] data, int from, int length, float[] quantized) {
        if (oneBit()) {
            TwoLevels.forward(data, from, length, magnitude[channel(row)], 0, quantized);
        } else {
            grid(channel(row)).forward(data, from, length, quantized);
        }
    }

    /** Straight through inside the range; at one bit everywhere. */
    @Override
    public void backward(int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        float reach = oneBit() ? Float.POSITIVE_INFINITY : magnitude[channel(row)];
        for (int i = from; i < from + length; i++) {
            float inside = Math.abs(data[i]) <= reach ? weight : 0f;
            dataGradient[i] += gradient[i] * inside;
        }
    }

    @Override
    public float[] statistics() {
        return magnitude;
    }

    @Override
    public WeightCode freezeWeights(float[] weights, int rows, int columns) {
        observe(weights, rows, columns, false);
        if (oneBit()) {
            return TwoLevels.freezeWeights(magnitude.clone(), weights, rows, columns);
        }
        UniformGrid[] grids = new UniformGrid[rows];
        Arrays.setAll(grids, this::grid);
        return UniformGrid.freezeWeights(grids, candidate().bits(), weights, rows, columns);
    }

    @Override
    public ActivationCode freezeActivations() {
        return oneBit() ? TwoLevels.freeze(magnitude[0], 0) : grid(0).freeze(candidate().bits());
    }
}
