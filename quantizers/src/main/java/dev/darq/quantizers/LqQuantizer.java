package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.BinaryLevels;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.WeightCode;

/**
 * Learned quantization by binary codes (LQ-Nets, Zhang et al. 2018; thesis on LQFullyConnected): the levels are all
 * {@code 2^K} sums of a basis with signs, the thresholds their midpoints. Weights have a basis per output channel,
 * activations one; an offset beside the basis is optional.
 *
 * <p>
 * The basis is fitted by {@link Qem}, not by gradient: in training one alternation a step,
 * {@code a <- 0.9 a + 0.1 a_new}. The gradient by the data is the identity for weights, and the identity inside the range
 * of the levels for activations.
 */
final class LqQuantizer extends Quantizer {
    private static final float MOMENTUM = 0.9f;
    private static final int MOST_CALIBRATION_VALUES = 1 << 17;

    private final boolean fitOffset;
    private final float[][] basis;
    private final float[] offset;
    private final BinaryLevels[] levels;
    private final CodeStatistics statistics;

    LqQuantizer(Candidate candidate, Role role, int rows, QuantizerSettings settings) {
        super(candidate, role);
        boolean weights = role == Role.WEIGHTS;
        fitOffset = weights ? settings.lqWeightOffset() : settings.lqActivationOffset();
        int channels = weights ? rows : 1;
        basis = new float[channels][candidate.bits()];
        offset = new float[channels];
        levels = new BinaryLevels[channels];
        statistics = new CodeStatistics(candidate.bits());
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < candidate.bits(); i++) {
                basis[channel][i] = 1 << i;
            }
            levels[channel] = new BinaryLevels(basis[channel], 0);
        }
    }

    private int channel(int row) {
        return role() == Role.WEIGHTS ? row : 0;
    }

    @Override
    public String variant() {
        return fitOffset ? "offset" : "";
    }

    @Override
    public void initialize(float[] data, int rows, int columns) {
        if (role() == Role.WEIGHTS) {
            for (int row = 0; row < rows; row++) {
                set(row, Qem.fit(data, row * columns, columns, basis[row], fitOffset));
            }
            return;
        }
        int length = rows * columns;
        float[] sample = data;
        if (length > MOST_CALIBRATION_VALUES) {
            sample = new float[MOST_CALIBRATION_VALUES];
            for (int i = 0; i < sample.length; i++) {
                sample[i] = data[(int) ((long) i * length / sample.length)];
            }
            length = sample.length;
        }
        set(0, Qem.fit(sample, 0, length, basis[0], fitOffset));
    }

    private void set(int channel, float newOffset) {
        offset[channel] = newOffset;
        levels[channel] = new BinaryLevels(basis[channel], newOffset);
    }

    @Override
    public void observe(float[] data, int rows, int columns, boolean training) {
        if (!training) {
            return;
        }
        if (role() == Role.WEIGHTS) {
            for (int row = 0; row < rows; row++) {
                alternate(row, data, row * columns, columns);
            }
        } else {
            alternate(0, data, 0, rows * columns);
        }
    }

    /** One alternation of QEM, moved into the basis by a moving average. */
    private void alternate(int channel, float[] data, int from, int length) {
        statistics.clear();
        BinaryLevels present = levels[channel];
        int[] codes = present.codes();
        for (int i = from; i < from + length; i++) {
            statistics.add(codes[present.encode(data[i])], data[i]);
        }
        float[] fitted = basis[channel].clone();
        float fittedOffset = Qem.leastSquares(statistics, fitted, offset[channel], fitOffset);
        float[] moving = basis[channel];
        for (int i = 0; i < moving.length; i++) {
            moving[i] = MOMENTUM * moving[i] + (1 - MOMENTUM) * fitted[i];
        }
        set(channel, MOMENTUM * offset[channel] + (1 - MOMENTUM) * fittedOffset);
    }

    @Override
    public void forward(int row, float[] data, int from, int length, float[] quantized) {
        BinaryLevels present = levels[channel(row)];
        float[] values = present.levels();
        for (int i = from; i < from + length; i++) {
            quantized[i] = values[present.encode(data[i])];
        }
    }

    @Override
    public void backward(int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        float low = Float.NEGATIVE_INFINITY;
        float high = Float.POSITIVE_INFINITY;
        if (role() == Role.ACTIVATIONS) {
            float[] values = levels[0].levels();
            low = values[0];
            high = values[values.length - 1];
        }
        for (int i = from; i < from + length; i++) {
            float inside = data[i] >= low && data[i] <= high ? weight : 0f;
            dataGradient[i] += gradient[i] * inside;
        }
    }

    @Override
    public float[] statistics() {
        int bits = candidate().bits();
        float[] state = new float[basis.length * (bits + 1)];
        for (int channel = 0; channel < basis.length; channel++) {
            System.arraycopy(basis[channel], 0, state, channel * (bits + 1), bits);
            state[channel * (bits + 1) + bits] = offset[channel];
        }
        return state;
    }

    @Override
    public WeightCode freezeWeights(float[] weights, int rows, int columns) {
        int bits = candidate().bits();
        float[] flat = new float[rows * bits];
        int[] codes = new int[rows * columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(basis[row], 0, flat, row * bits, bits);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                codes[i] = levels[row].codes()[levels[row].encode(weights[i])];
            }
        }
        return BinaryCode.fromCodes(rows, columns, bits, flat, offset.clone(), codes);
    }

    @Override
    public ActivationCode freezeActivations() {
        return new LevelActivation(basis[0].clone(), offset[0]);
    }
}
