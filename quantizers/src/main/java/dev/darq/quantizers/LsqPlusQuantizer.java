package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.WeightCode;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * LSQ (Esser et al. 2020) and LSQ+ (Bhalgat et al. 2020): a learned step size {@code s}, and for activations a learned
 * offset {@code beta}; one of each per tensor.
 *
 * <p>
 * {@code v = clip((x - beta)/s, Qn, Qp)}, {@code Q(x) = round(v) s + beta}. Weights are signed with {@code beta = 0};
 * activations use the codes {@code 0 .. 2^b - 1}. Departure: one bit, where LSQ's {@code Qp = 0} would divide by zero,
 * is the two codes {@code {-1, +1}} times {@code s}, with {@code Qn = -1, Qp = 1} in the gradients.
 */
final class LsqPlusQuantizer extends Quantizer {
    private static final int CALIBRATION_SAMPLES = 8192;

    private final int lowest;
    private final int highest;
    private final Parameter scale = new Parameter("scale", 1);
    private final Parameter offset = new Parameter("offset", 1);
    private float[] scaleTerms = new float[0];
    private float[] offsetTerms = new float[0];
    private double scaleGradient;
    private double offsetGradient;

    LsqPlusQuantizer(Candidate candidate, Role role) {
        super(candidate, role);
        int bits = candidate.bits();
        if (bits == 1) {
            lowest = -1;
            highest = 1;
        } else if (role == Role.WEIGHTS) {
            lowest = -(1 << (bits - 1));
            highest = (1 << (bits - 1)) - 1;
        } else {
            lowest = 0;
            highest = (1 << bits) - 1;
        }
    }

    private boolean oneBit() {
        return candidate().bits() == 1;
    }

    private UniformGrid grid() {
        return new UniformGrid(scale.value()[0], offset.value()[0], lowest, highest);
    }

    @Override
    public void initialize(float[] data, int rows, int columns) {
        if (role() == Role.WEIGHTS) {
            double[] moments = Statistics.meanAndDeviation(data, 0, rows * columns);
            double reach = Math.max(Math.abs(moments[0] - 3 * moments[1]), Math.abs(moments[0] + 3 * moments[1]));
            setScale(oneBit()
                    ? Statistics.meanMagnitude(data, 0, rows * columns)
                    : reach / (1 << (candidate().bits() - 1)));
        } else {
            initializeActivations(Arrays.copyOf(data, rows * columns));
        }
        scale.rateScale(scale.value()[0]);
        offset.rateScale(scale.value()[0]);
    }

    /** LSQ+ section 3.3: the (s, beta) of least squared error, searched from the range of the data. */
    private void initializeActivations(float[] data) {
        float[] sample = data;
        if (data.length > CALIBRATION_SAMPLES) {
            sample = new float[CALIBRATION_SAMPLES];
            for (int i = 0; i < sample.length; i++) {
                sample[i] = data[(int) ((long) i * data.length / sample.length)];
            }
        }
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        for (float value : data) {
            minimum = Math.min(minimum, value);
            maximum = Math.max(maximum, value);
        }
        double range = Math.max(maximum - minimum, 1e-6);
        double startScale = range / (highest - lowest);
        double startOffset = oneBit() ? (minimum + maximum) / 2.0 : minimum;
        float[] values = sample;
        float[] quantized = new float[values.length];
        ObjectiveFunction error = new ObjectiveFunction(point -> {
            setScale(startScale * Math.exp(point[0]));
            offset.value()[0] = (float) (startOffset + range * point[1]);
            forward(0, values, 0, values.length, quantized);
            return Statistics.squaredDistance(values, quantized, 0, values.length);
        });
        double[] best = new SimplexOptimizer(1e-6, 1e-12).optimize(new MaxEval(400), error, GoalType.MINIMIZE,
                new InitialGuess(new double[] {0, 0}), new NelderMeadSimplex(new double[] {-0.3, 0.02})).getPoint();
        setScale(startScale * Math.exp(best[0]));
        offset.value()[0] = (float) (startOffset + range * best[1]);
    }

    private void setScale(double value) {
        scale.value()[0] = (float) Math.max(value, Float.MIN_NORMAL * 1e6);
    }

    @Override
    public void forward(int row, float[] data, int from, int length, float[] quantized) {
        if (oneBit()) {
            TwoLevels.forward(data, from, length, scale.value()[0], offset.value()[0], quantized);
        } else {
            grid().forward(data, from, length, quantized);
        }
    }

    /**
     * LSQ+ equations 3 to 5: {@code dQ/dx = 1} inside the clip range, else 0; {@code dQ/ds = round(v) - (x - beta)/s}
     * inside, {@code Qn} below and {@code Qp} above; {@code dQ/dbeta = 0} inside, 1 outside.
     */
    @Override
    public void backward(int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        if (scaleTerms.length < length) {
            scaleTerms = new float[length];
            offsetTerms = new float[length];
        }
        float s = scale.value()[0];
        float beta = offset.value()[0];
        float low = lowest;
        float high = highest;
        boolean sign = oneBit();
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
        scaleGradient += Statistics.sum(scaleTerms, 0, length);
        offsetGradient += Statistics.sum(offsetTerms, 0, length);
    }

    /** Both gradients are scaled by {@code 1/sqrt(N Qp)} (LSQ section 2.2); weights keep {@code beta = 0}. */
    @Override
    public void finishBackward(int rows, int columns) {
        double factor = 1 / Math.sqrt((double) rows * columns * highest);
        scale.gradient()[0] += (float) (scaleGradient * factor);
        if (role() == Role.ACTIVATIONS) {
            offset.gradient()[0] += (float) (offsetGradient * factor);
        }
        scaleGradient = 0;
        offsetGradient = 0;
    }

    @Override
    public List<Parameter> parameters() {
        return role() == Role.ACTIVATIONS ? List.of(scale, offset) : List.of(scale);
    }

    @Override
    public void constrain() {
        // A step size that crosses zero would flip the order of the codes: keep a tenth of a percent of its start.
        scale.value()[0] = Math.max(scale.value()[0], scale.rateScale() * 1e-3f);
    }

    @Override
    public WeightCode freezeWeights(float[] weights, int rows, int columns) {
        if (oneBit()) {
            float[] scales = new float[rows];
            Arrays.fill(scales, scale.value()[0]);
            return TwoLevels.freezeWeights(scales, weights, rows, columns);
        }
        return UniformGrid.freezeWeights(grid(), candidate().bits(), weights, rows, columns);
    }

    @Override
    public ActivationCode freezeActivations() {
        return oneBit() ? TwoLevels.freeze(scale.value()[0], offset.value()[0]) : grid().freeze(candidate().bits());
    }
}
