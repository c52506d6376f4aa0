package dev.darq.benchmarks;

import dev.darq.benchmarks.Arithmetic.BlockedInt8;
import dev.darq.benchmarks.Arithmetic.Coded;
import dev.darq.benchmarks.Arithmetic.DynamicInt8;
import dev.darq.benchmarks.Arithmetic.Unrounded;
import dev.darq.kernels.ActivationCode;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a contender should give, computed in float64, with a bound of the error of each output.
 *
 * <p>Sums in float32 may be off by {@value #SUM} of the sum of magnitudes. Where a contender rounds its inputs in a way
 * of its own, each rounding error lies in an interval as wide as the step; errors are independent, so by Hoeffding's
 * inequality their weighted sum exceeds {@value #DEVIATIONS} times the root of the squared widths' sum with a probability
 * below 2 e^-32. Errors go through the layers of a network: a code that the error before it can change counts with the
 * whole distance to the other code, tanh lets them pass.
 */
final class Reference {
    /** The relative error of a float32 sum: thousands of terms, in any order. */
    static final double SUM = 1e-5;
    /** How many times the root mean square width of the rounding intervals a weighted sum of errors may be off. */
    static final int DEVIATIONS = 4;
    /** What an approximation of tanh in float32 may be off. */
    private static final double FUNCTION = 1e-6;

    private final int batch;
    private final boolean independentErrors;
    private double[] value;
    private double[] error;

    private Reference(Workload workload, Arithmetic arithmetic) {
        batch = workload.batch();
        independentErrors = !(arithmetic.rounding() instanceof Unrounded || arithmetic.rounding() instanceof Coded);
        value = IntStream.range(0, workload.input().length).mapToDouble(i -> workload.input()[i]).toArray();
        error = new double[value.length];
    }

    /** Computes the reference. */
    static Reference of(Workload workload, Arithmetic arithmetic) {
        Reference reference = new Reference(workload, arithmetic);
        for (int i = 0; i < workload.network().layers().size(); i++) {
            if (i > 0) {
                reference.tanh();
            }
            Network.Layer layer = workload.network().layers().get(i);
            reference.round(arithmetic.rounding(), i, layer.inputs());
            reference.multiply(layer, arithmetic.weights().get(i));
        }
        return reference;
    }

    /**
     * The largest error of an output, as a fraction of its bound.
     *
     * @param output {@code [batch, outputs]}
     */
    double worst(float[] output) {
        if (output.length != value.length) {
            throw new IllegalArgumentException("expected " + value.length + " outputs, got " + output.length);
        }
        double worst = 0;
        for (int i = 0; i < value.length; i++) {
            double fraction = Math.abs(output[i] - value[i]) / error[i];
            worst = Math.max(worst, fraction); // of NaN and a number, NaN
        }
        return worst;
    }

    private void tanh() {
        for (int i = 0; i < value.length; i++) {
            value[i] = Math.tanh(value[i]);
            error[i] += FUNCTION;
        }
    }

    private void round(Arithmetic.InputRounding rounding, int layer, int inputs) {
        switch (rounding) {
            case Unrounded _ -> {
            }
            case Coded coded -> encode(coded.codes().get(layer));
            case DynamicInt8 _ -> {
                double low = Math.min(0, Arrays.stream(value).min().orElseThrow());
                double high = Math.max(0, Arrays.stream(value).max().orElseThrow());
                widen(0, value.length, (high - low) / 255);
            }
            case BlockedInt8 blocks -> {
                for (int from = 0; from < value.length; from += inputs) {
                    for (int start = 0; start < inputs; start += blocks.size()) {
                        int end = Math.min(start + blocks.size(), inputs);
                        double largest = Arrays.stream(value, from + start, from + end).map(Math::abs).max()
                                .orElseThrow();
                        widen(from + start, from + end, blocks.steps() * largest / 127);
                    }
                }
            }
        }
    }

    private void encode(ActivationCode code) {
        for (int i = 0; i < value.length; i++) {
            double below = code.quantize((float) (value[i] - error[i]));
            double above = code.quantize((float) (value[i] + error[i]));
            value[i] = code.quantize((float) value[i]);
            error[i] = Math.max(value[i] - below, above - value[i]);
        }
    }

    private void widen(int from, int to, double step) {
        for (int i = from; i < to; i++) {
            error[i] = Math.hypot(error[i], DEVIATIONS * step);
        }
    }

    private void multiply(Network.Layer layer, float[] weights) {
        double[] x = value;
        double[] xError = error;
        int outputs = layer.outputs();
        value = new double[batch * outputs];
        error = new double[batch * outputs];
        IntStream.range(0, outputs).parallel().forEach(row -> {
            for (int sample = 0; sample < batch; sample++) {
                int at = sample * outputs + row;
                dot(weights, row * layer.inputs(), x, xError, sample * layer.inputs(), layer.inputs(), at);
                value[at] += layer.bias()[row];
            }
        });
    }

    private void dot(float[] w, int wAt, double[] x, double[] xError, int xAt, int length, int at) {
        double sum = 0;
        double magnitudes = 0;
        double errors = 0;
        for (int i = 0; i < length; i++) {
            double product = w[wAt + i] * x[xAt + i];
            double carried = Math.abs(w[wAt + i] * xError[xAt + i]);
            sum += product;
            magnitudes += Math.abs(product);
            errors += independentErrors ? carried * carried : carried;
        }
        value[at] = sum;
        error[at] = SUM * magnitudes + (independentErrors ? Math.sqrt(errors) : errors);
    }
}
