package dev.darq.search;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.WeightCode;

/**
 * Slope and bias of each output channel, {@code y ~ slope * z + shift}, by least squares of the float32 layer's outputs y
 * on the quantized layer's outputs z (formulas.md, "Worth knowing"). They fold into basis, offset and bias and cost nothing
 * at run time.
 *
 * @param slope {@code [rows]}, positive
 * @param shift {@code [rows]}
 */
record ChannelCorrection(float[] slope, float[] shift) {

    /**
     * Fits the correction.
     *
     * @param outputs the quantized layer's outputs {@code [samples, rows]}
     * @param wanted  the float32 layer's outputs {@code [samples, rows]}
     * @param rows    number of output channels
     * @param sloped  whether the slope is fitted; otherwise it is 1
     */
    static ChannelCorrection fit(float[] outputs, float[] wanted, int rows, boolean sloped) {
        float[] slope = new float[rows];
        float[] shift = new float[rows];
        int samples = outputs.length / rows;
        for (int row = 0; row < rows; row++) {
            double meanOutput = 0;
            double meanWanted = 0;
            for (int i = row; i < outputs.length; i += rows) {
                meanOutput += outputs[i];
                meanWanted += wanted[i];
            }
            meanOutput /= samples;
            meanWanted /= samples;
            double variance = 0;
            double covariance = 0;
            for (int i = row; i < outputs.length; i += rows) {
                variance += (outputs[i] - meanOutput) * (outputs[i] - meanOutput);
                covariance += (outputs[i] - meanOutput) * (wanted[i] - meanWanted);
            }
            // A channel that is constant, or runs against what is wanted, keeps its slope.
            boolean fitted = sloped && covariance > 0 && Float.isFinite((float) (covariance / variance));
            slope[row] = fitted ? Math.max((float) (covariance / variance), Float.MIN_NORMAL) : 1;
            shift[row] = (float) (meanWanted - slope[row] * meanOutput);
        }
        return new ChannelCorrection(slope, shift);
    }

    /** Whether the slope of a layer's weights can be changed without changing their codes: halves would be rounded. */
    static boolean canSlope(WeightCode weights) {
        return switch (weights) {
            case BinaryCode _,IntegerWeights _ -> true;
            case FloatWeights floats -> floats.bits() == Float.SIZE;
            case GroupedWeights grouped -> canSlope(grouped.groups());
        };
    }

    /** The layer with the correction folded in. */
    Linear applied(Linear layer) {
        float[] bias = new float[shift.length];
        for (int row = 0; row < bias.length; row++) {
            bias[row] = slope[row] * layer.bias()[row] + shift[row];
        }
        WeightCode weights = canSlope(layer.weights())
                ? scaled(layer.weights(), layer.weights().rows())
                : layer.weights();
        return new Linear(layer.name(), weights, layer.input(), bias);
    }

    private WeightCode scaled(WeightCode weights, int channels) {
        return switch (weights) {
            case BinaryCode code -> new BinaryCode(code.rows(), code.columns(), code.bits(),
                    scaled(code.basis(), channels), scaled(code.offset(), channels), code.planes());
            case IntegerWeights code -> new IntegerWeights(code.rows(), code.columns(), code.codes(),
                    scaled(code.scale(), channels));
            case FloatWeights code -> new FloatWeights(code.rows(), code.columns(), code.bits(),
                    scaled(code.values(), channels));
            case GroupedWeights code -> new GroupedWeights(code.rows(), code.columns(),
                    scaled(code.groups(), channels));
        };
    }

    /** Values that belong to the channels one after the other, each to as many. */
    private float[] scaled(float[] values, int channels) {
        float[] scaled = new float[values.length];
        int each = values.length / channels;
        for (int i = 0; i < values.length; i++) {
            scaled[i] = values[i] * slope[i / each];
        }
        return scaled;
    }
}
