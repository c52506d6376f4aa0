package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import java.util.Arrays;
import java.util.List;

/**
 * What LSQ (Esser et al. 2020) and LSQ+ (Bhalgat et al. 2020) share: a learned step size {@code s} and, where a scheme
 * learns it, an offset {@code beta}.
 *
 * <p>
 * {@code v = clip((x - beta)/s, Qn, Qp)}, {@code Q(x) = round(v) s + beta}. Departure: one bit of signed data, where
 * LSQ's {@code Qp = 0} would divide by zero, is the two codes {@code {-1, +1}} times {@code s}, with
 * {@code Qn = -1, Qp = 1} in the gradients.
 */
abstract class StepSizeQuantizer extends Quantizer {
    final Parameter scale;
    final Parameter offset;
    private final double[][] scaleGradient;
    private final double[][] offsetGradient;
    private int lowest;
    private int highest;

    StepSizeQuantizer(Place place) {
        super(place);
        int units = partition().units();
        scale = new Parameter("scale", units);
        offset = new Parameter("offset", units);
        scaleGradient = new double[PARTS][units];
        offsetGradient = new double[PARTS][units];
        signedCodes();
    }

    /** Codes {@code -2^(b-1) .. 2^(b-1) - 1}; at one bit -1 and +1. */
    final void signedCodes() {
        lowest = bits() == 1 ? -1 : -(1 << (bits() - 1));
        highest = bits() == 1 ? 1 : (1 << (bits() - 1)) - 1;
    }

    /** Codes {@code 0 .. 2^b - 1}. */
    final void unsignedCodes() {
        lowest = 0;
        highest = (1 << bits()) - 1;
    }

    /** Whether the codes are -1 and +1. */
    final boolean isSign() {
        return bits() == 1 && lowest < 0;
    }

    final int lowest() {
        return lowest;
    }

    final int highest() {
        return highest;
    }

    abstract boolean learnsOffset();

    final void setScale(int unit, double value) {
        scale.value()[unit] = (float) Math.max(value, UniformGrid.LEAST_SCALE);
    }

    @Override
    public void initialize(float[] data, int rows, int columns) {
        super.initialize(data, rows, columns);
        scale.start();
        offset.rateScale(scale.rateScale());
    }

    private UniformGrid grid(int unit) {
        return new UniformGrid(scale.value()[unit], offset.value()[unit], lowest, highest);
    }

    private TwoLevels twoLevels(int unit) {
        return new TwoLevels(scale.value()[unit], offset.value()[unit]);
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        if (isSign()) {
            twoLevels(unit).forward(data, from, length, quantized);
        } else {
            grid(unit).forward(data, from, length, quantized);
        }
    }

    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        StepSizeSweep.Sums sums = new StepSizeSweep(scale.value()[unit], offset.value()[unit], lowest, highest,
                isSign()).differentiate(data, from, length, gradient, weight, dataGradient);
        scaleGradient[part][unit] += sums.byScale();
        offsetGradient[part][unit] += sums.byOffset();
    }

    /** Both gradients are scaled by {@code 1/sqrt(N Qp)} (LSQ section 2.2), N being the values of the unit. */
    @Override
    public void finishBackward(int rows, int columns) {
        for (int unit = 0; unit < scale.value().length; unit++) {
            double factor = 1 / Math.sqrt((double) partition().length(unit, rows, columns) * highest);
            scale.gradient()[unit] += (float) (sum(scaleGradient, unit) * factor);
            if (learnsOffset()) {
                offset.gradient()[unit] += (float) (sum(offsetGradient, unit) * factor);
            }
        }
        for (int part = 0; part < PARTS; part++) {
            Arrays.fill(scaleGradient[part], 0);
            Arrays.fill(offsetGradient[part], 0);
        }
    }

    @Override
    public List<Parameter> parameters() {
        return learnsOffset() ? List.of(scale, offset) : List.of(scale);
    }

    @Override
    public void constrain() {
        scale.keepPositive();
    }

    @Override
    Codebook codebook(int unit) {
        return isSign() ? twoLevels(unit) : grid(unit);
    }

    @Override
    public ActivationCode freezeActivations() {
        return isSign() ? twoLevels(0).freeze() : grid(0).freeze(bits());
    }
}
