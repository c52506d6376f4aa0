package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.WeightCode;
import java.util.Arrays;
import java.util.List;

/**
 * PACT (Choi et al. 2018): a learned clipping value {@code alpha}, one per tensor, with an L2 penalty.
 *
 * <p>
 * Unsigned (data known to be non-negative): {@code y = clip(x, 0, alpha)},
 * {@code Q(x) = round(y (2^b - 1)/alpha) alpha/(2^b - 1)}. Signed (data that goes negative, and weights): clip to
 * {@code [-alpha, alpha]}, {@code 2^b - 1} levels symmetric around 0. Calibration data decides which. Departure: signed
 * at one bit has no level but 0, so it is {@code {-alpha, +alpha}} by the sign.
 */
final class PactQuantizer extends Quantizer {
    private static final double PENALTY = 1e-4;
    private static final int CLIP_CANDIDATES = 40;

    private final Parameter alpha = new Parameter("alpha", 1, PENALTY);
    private boolean signed;
    private float[] alphaTerms = new float[0];
    private double alphaGradient;

    PactQuantizer(Candidate candidate, Role role) {
        super(candidate, role);
        signed = role == Role.WEIGHTS;
    }

    private boolean sign() {
        return signed && candidate().bits() == 1;
    }

    private UniformGrid grid() {
        int bits = candidate().bits();
        if (signed) {
            return UniformGrid.symmetric(alpha.value()[0] / ((1 << (bits - 1)) - 1), bits);
        }
        int highest = (1 << bits) - 1;
        return new UniformGrid(alpha.value()[0] / highest, 0, 0, highest);
    }

    @Override
    public String variant() {
        return signed ? "signed" : "unsigned";
    }

    /** Chooses signed or unsigned, and the clipping value of least squared error among fractions of the maximum. */
    @Override
    public void initialize(float[] data, int rows, int columns) {
        int length = rows * columns;
        signed = role() == Role.WEIGHTS;
        for (int i = 0; i < length && !signed; i++) {
            signed = data[i] < 0;
        }
        float maximum = Math.max(Statistics.maximumMagnitude(data, 0, length), 1e-6f);
        float[] quantized = new float[length];
        double leastError = Double.POSITIVE_INFINITY;
        float best = maximum;
        for (int k = CLIP_CANDIDATES; k >= 1; k--) {
            alpha.value()[0] = maximum * k / CLIP_CANDIDATES;
            forward(0, data, 0, length, quantized);
            double error = Statistics.squaredDistance(data, quantized, 0, length);
            if (error < leastError) {
                leastError = error;
                best = alpha.value()[0];
            }
        }
        alpha.value()[0] = best;
        alpha.rateScale(best);
    }

    @Override
    public void forward(int row, float[] data, int from, int length, float[] quantized) {
        if (sign()) {
            TwoLevels.forward(data, from, length, alpha.value()[0], 0, quantized);
        } else {
            grid().forward(data, from, length, quantized);
        }
    }

    /**
     * PACT equation 3: {@code dQ/dx = 1} strictly inside the clip range, else 0; {@code dQ/dalpha = 1} at and above
     * {@code alpha}, -1 at and below {@code -alpha} when signed, else 0 (the step's own dependence on alpha is
     * detached).
     */
    @Override
    public void backward(int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        if (alphaTerms.length < length) {
            alphaTerms = new float[length];
        }
        float high = alpha.value()[0];
        float low = signed ? -high : 0;
        float lowSlope = signed ? -1f : 0f;
        for (int k = 0; k < length; k++) {
            int i = from + k;
            float x = data[i];
            float g = gradient[i] * weight;
            float above = x >= high ? 1f : 0f;
            float below = x <= low ? 1f : 0f;
            dataGradient[i] += g * (1f - above - below);
            alphaTerms[k] = g * (above + lowSlope * below);
        }
        alphaGradient += Statistics.sum(alphaTerms, 0, length);
    }

    @Override
    public void finishBackward(int rows, int columns) {
        alpha.gradient()[0] += (float) alphaGradient;
        alphaGradient = 0;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(alpha);
    }

    @Override
    public void constrain() {
        alpha.value()[0] = Math.max(alpha.value()[0], alpha.rateScale() * 1e-3f);
    }

    @Override
    public float[] statistics() {
        return new float[] {signed ? 1 : 0};
    }

    @Override
    public WeightCode freezeWeights(float[] weights, int rows, int columns) {
        if (sign()) {
            float[] scales = new float[rows];
            Arrays.fill(scales, alpha.value()[0]);
            return TwoLevels.freezeWeights(scales, weights, rows, columns);
        }
        return UniformGrid.freezeWeights(grid(), candidate().bits(), weights, rows, columns);
    }

    @Override
    public ActivationCode freezeActivations() {
        if (sign()) {
            return TwoLevels.freeze(alpha.value()[0], 0);
        }
        // Unsigned at one bit, {0, alpha}, is the two levels around alpha/2.
        return grid().freeze(candidate().bits());
    }
}
