package dev.darq.quantizers;

import java.util.Arrays;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * LSQ+ (Bhalgat et al. 2020): a learned step size, and for activations a learned offset with the codes
 * {@code 0 .. 2^b - 1}. Weights are signed, without an offset.
 */
final class LsqPlusQuantizer extends StepSizeQuantizer {
    private static final int CALIBRATION_SAMPLES = 8192;

    LsqPlusQuantizer(Place place, QuantizerSettings settings) {
        super(place);
        if (!isWeights() && bits() > 1) {
            unsignedCodes();
        }
    }

    @Override
    boolean learnsOffset() {
        return !isWeights();
    }

    /** LSQ+ section 3.3: weights by {@code max(|mu - 3 sigma|, |mu + 3 sigma|) / 2^(b-1)}, activations by search. */
    @Override
    void fit(int unit, float[] data, int from, int length) {
        if (!isWeights()) {
            fitActivations(Arrays.copyOfRange(data, from, from + length));
        } else if (bits() == 1) {
            setScale(unit, Statistics.meanMagnitude(data, from, length));
        } else {
            double[] moments = Statistics.meanAndDeviation(data, from, length);
            double reach = Math.max(Math.abs(moments[0] - 3 * moments[1]), Math.abs(moments[0] + 3 * moments[1]));
            setScale(unit, reach / (1 << (bits() - 1)));
        }
    }

    /** The (s, beta) of least squared error, searched from the range of the data. */
    private void fitActivations(float[] data) {
        float[] sample = data;
        if (data.length > CALIBRATION_SAMPLES) {
            sample = new float[CALIBRATION_SAMPLES];
            for (int i = 0; i < sample.length; i++) {
                sample[i] = data[(int) ((long) i * data.length / sample.length)];
            }
        }
        float minimum = Statistics.minimum(data, 0, data.length);
        float maximum = Statistics.maximum(data, 0, data.length);
        double range = Math.max(maximum - minimum, 1e-6);
        double startScale = range / (highest() - lowest());
        double startOffset = bits() == 1 ? (minimum + maximum) / 2.0 : minimum;
        float[] values = sample;
        float[] quantized = new float[values.length];
        ObjectiveFunction error = new ObjectiveFunction(point -> {
            set(startScale, startOffset, range, point);
            quantize(0, values, 0, values.length, quantized);
            return Statistics.squaredDistance(values, quantized, 0, values.length);
        });
        set(startScale, startOffset, range, new SimplexOptimizer(1e-6, 1e-12).optimize(new MaxEval(400), error,
                GoalType.MINIMIZE, new InitialGuess(new double[] {0, 0}),
                new NelderMeadSimplex(new double[] {-0.3, 0.02})).getPoint());
    }

    private void set(double startScale, double startOffset, double range, double[] point) {
        setScale(0, startScale * Math.exp(point[0]));
        offset.value()[0] = (float) (startOffset + range * point[1]);
    }
}
