package dev.darq.search;

/**
 * How far one quantized layer is from the float32 layer, on the calibration set. All ratios of signal to quantization
 * noise, in decibels: {@code 10 log10(sum x^2 / sum (x - x^)^2)}.
 *
 * @param layer           name of the layer
 * @param choice          how it is quantized
 * @param weights         of the weights, before the correction of the channels
 * @param activations     of the inputs: what the quantized layers before give, quantized, against the float32 network's
 * @param outputs         of the outputs before the correction of the channels
 * @param correctedOutput of the outputs in the end
 */
public record LayerErrors(String layer, LayerCandidates choice, double weights, double activations, double outputs,
        double correctedOutput) {
    /** The ratio of two arrays of the same length; infinite when they are equal. */
    static double decibels(float[] exact, float[] quantized) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < exact.length; i++) {
            double error = (double) exact[i] - quantized[i];
            signal += (double) exact[i] * exact[i];
            noise += error * error;
        }
        return 10 * Math.log10(signal / noise);
    }
}
