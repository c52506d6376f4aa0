package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
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
    private final double[] scaleGradient;
    private final double[] offsetGradient;
    private int lowest;
    private int highest;
    private float[] scaleTerms = new float[0];
    private float[] offsetTerms = new float[0];

    StepSizeQuantizer(Place place) {
        super(place);
        int units = partition().units();
        scale = new Parameter("scale", units);
        offset = new Parameter("offset", units);
        scaleGradient = new double[units];
        offsetGradient = new double[units];
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

    /**
     * LSQ equations 2 and 3, LSQ+ equations 3 to 5: {@code dQ/dx = 1} inside the clip range, else 0;
     * {@code dQ/ds = round(v) - (x - beta)/s} inside, {@code Qn} below and {@code Qp} above; {@code dQ/dbeta = 0}
     * inside, 1 outside.
     */
    @Override
    void differentiate(int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        if (scaleTerms.length < length) {
            scaleTerms = new float[length];
            offsetTerms = new float[length];
        }
        float s = scale.value()[unit];
        float beta = offset.value()[unit];
        float low = lowest;
        float high = highest;
        boolean sign = isSign();
        for (int k = 0; k < length; k++) {
            int i = from + k;
            float v = (data[i] - beta) / s;
            float clipped = Math.min(Math.max(v, low), high);
            float inside = v == clipped ? 1f : 0f;
            float code = sign ? (v >= 0 ? 1f : -1f) : UniformGrid.round(clipped);
            float g = gradient[i] * weight;
            dataGradient[i] += g * inside;
            scaleTerms[k] = g * (code - inside * clipped);
            offsetTerms[k] = g * (1f - inside);
        }
        double sum = Statistics.sum(scaleTerms, 0, length);
        scaleGradient[unit] += Double.isNaN(sum) ? sumWithoutNaN(data, from, length, gradient, weight) : sum;
        offsetGradient[unit] += Statistics.sum(offsetTerms, 0, length);
    }

    /** The sum of the terms where NaN counts as below the range. Apart, to keep the loop over ordinary values fast. */
    private double sumWithoutNaN(float[] data, int from, int length, float[] gradient, float weight) {
        for (int k = 0; k < length; k++) {
            if (Float.isNaN(data[from + k])) {
                scaleTerms[k] = gradient[from + k] * weight * lowest;
            }
        }
        return Statistics.sum(scaleTerms, 0, length);
    }

    /** Both gradients are scaled by {@code 1/sqrt(N Qp)} (LSQ section 2.2), N being the values of the unit. */
    @Override
    public void finishBackward(int rows, int columns) {
        for (int unit = 0; unit < scaleGradient.length; unit++) {
            double factor = 1 / Math.sqrt((double) partition().length(unit, rows, columns) * highest);
            scale.gradient()[unit] += (float) (scaleGradient[unit] * factor);
            if (learnsOffset()) {
                offset.gradient()[unit] += (float) (offsetGradient[unit] * factor);
            }
            scaleGradient[unit] = 0;
            offsetGradient[unit] = 0;
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
