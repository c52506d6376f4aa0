package dev.darq.quantizers;

import static dev.darq.quantizers.Lanes.COUNT;
import static dev.darq.quantizers.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;

import dev.darq.kernels.ActivationCode;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * PACT (Choi et al. 2018): a learned clipping value {@code alpha} with an L2 penalty.
 *
 * <p>
 * Unsigned (data known to be non-negative): {@code y = clip(x, 0, alpha)},
 * {@code Q(x) = round(y (2^b - 1)/alpha) alpha/(2^b - 1)}. Signed (data that goes negative, and weights): clip to
 * {@code [-alpha, alpha]}, {@code 2^b - 1} levels symmetric around 0. Calibration data decides which. Departure: signed
 * at one bit has no level but 0, so it is {@code {-alpha, +alpha}} by the sign.
 */
final class PactQuantizer extends Quantizer {
    private static final double PENALTY = 1e-4;
    private static final float LEAST_ALPHA = 1e-6f;

    private final Parameter alpha;
    private final double[][] alphaGradient;
    private boolean signed;

    PactQuantizer(Place place, QuantizerSettings settings) {
        super(place);
        alpha = new Parameter("alpha", partition().units(), PENALTY);
        alphaGradient = new double[PARTS][partition().units()];
        signed = isWeights();
    }

    private boolean isSign() {
        return signed && bits() == 1;
    }

    private UniformGrid grid(int unit) {
        float value = alpha.value()[unit];
        if (signed) {
            return UniformGrid.symmetric(value / ((1 << (bits() - 1)) - 1), bits());
        }
        int highest = (1 << bits()) - 1;
        return new UniformGrid(value / highest, 0, 0, highest);
    }

    @Override
    public String variant() {
        return signed ? "signed" : "unsigned";
    }

    @Override
    public void initialize(float[] data, int rows, int columns) {
        super.initialize(data, rows, columns);
        alpha.start();
    }

    /** Chooses signed or unsigned, and the clipping value of least squared error among fractions of the maximum. */
    @Override
    void fit(int unit, float[] data, int from, int length) {
        if (!isWeights()) {
            signed = Statistics.minimum(data, from, length) < 0;
        }
        float maximum = Math.max(Statistics.maximumMagnitude(data, from, length), LEAST_ALPHA);
        float[] quantized = new float[from + length];
        alpha.value()[unit] = ClipSearch.leastError(maximum, clip -> {
            alpha.value()[unit] = clip;
            quantize(unit, data, from, length, quantized);
            return Statistics.squaredDistance(data, quantized, from, length);
        });
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        if (isSign()) {
            new TwoLevels(alpha.value()[unit], 0).forward(data, from, length, quantized);
        } else {
            grid(unit).forward(data, from, length, quantized);
        }
    }

    /**
     * PACT equation 3: {@code dQ/dx = 1} strictly inside the clip range, else 0; {@code dQ/dalpha = 1} at and above
     * {@code alpha}, -1 at and below {@code -alpha} when signed, else 0 (the step's own dependence on alpha is
     * detached).
     */
    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        float high = alpha.value()[unit];
        float low = signed ? -high : 0;
        float lowSlope = signed ? -1f : 0f;
        int end = from + length;
        FloatVector byAlpha = FloatVector.zero(FLOATS);
        for (int i = from; i < end; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(end, i);
            FloatVector x = Lanes.load(data, i, lanes);
            FloatVector g = Lanes.load(gradient, i, lanes).mul(weight);
            VectorMask<Float> above = x.compare(GE, high);
            // NaN is coded like the lowest value: so it counts as below.
            VectorMask<Float> below = x.compare(GT, low).not();
            Lanes.load(dataGradient, i, lanes).add(g, above.or(below).not()).intoArray(dataGradient, i, lanes);
            byAlpha = byAlpha.add(g, above).add(g.mul(lowSlope), below);
        }
        alphaGradient[part][unit] += Lanes.sum(byAlpha);
    }

    @Override
    public void finishBackward(int rows, int columns) {
        for (int unit = 0; unit < alpha.value().length; unit++) {
            alpha.gradient()[unit] += (float) sum(alphaGradient, unit);
        }
        for (double[] part : alphaGradient) {
            Arrays.fill(part, 0);
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(alpha);
    }

    @Override
    public void constrain() {
        alpha.keepPositive();
    }

    @Override
    public float[] statistics() {
        return new float[] {signed ? 1 : 0};
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("signed", signed);
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        signed = state.flag("signed");
    }

    @Override
    Codebook codebook(int unit) {
        return isSign() ? new TwoLevels(alpha.value()[unit], 0) : grid(unit);
    }

    @Override
    public ActivationCode freezeActivations() {
        // Unsigned at one bit, {0, alpha}, is the two levels around alpha/2.
        return isSign() ? new TwoLevels(alpha.value()[0], 0).freeze() : grid(0).freeze(bits());
    }
}
