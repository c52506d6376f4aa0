package dev.darq.search;

import java.util.SplittableRandom;

/** Inputs that share a few causes, and a float layer over them: what error compensation can make use of. */
final class CorrelatedInputs {
    static final int SAMPLES = 400;
    static final int COLUMNS = 24;
    static final int ROWS = 7;
    private static final int CAUSES = 5;

    final float[] inputs = new float[SAMPLES * COLUMNS];
    final float[] weights = new float[ROWS * COLUMNS];
    final float[] outputs = new float[SAMPLES * ROWS];

    CorrelatedInputs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] mixing = new double[CAUSES * COLUMNS];
        for (int i = 0; i < mixing.length; i++) {
            mixing[i] = random.nextGaussian();
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int cause = 0; cause < CAUSES; cause++) {
                double strength = random.nextGaussian();
                for (int column = 0; column < COLUMNS; column++) {
                    inputs[sample * COLUMNS + column] += (float) (strength * mixing[cause * COLUMNS + column]);
                }
            }
            for (int column = 0; column < COLUMNS; column++) {
                inputs[sample * COLUMNS + column] += (float) (1 + 0.3 * random.nextGaussian());
            }
        }
        System.arraycopy(product(weights), 0, outputs, 0, outputs.length);
    }

    /** Outputs {@code [SAMPLES, ROWS]} of other weights. */
    float[] product(float[] other) {
        float[] product = new float[SAMPLES * ROWS];
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int row = 0; row < ROWS; row++) {
                double sum = 0;
                for (int column = 0; column < COLUMNS; column++) {
                    sum += (double) inputs[sample * COLUMNS + column] * other[row * COLUMNS + column];
                }
                product[sample * ROWS + row] = (float) sum;
            }
        }
        return product;
    }

    /** Variance of the error that weights make in the outputs, which is what a bias leaves over. */
    double error(float[] quantized) {
        float[] actual = product(quantized);
        double error = 0;
        for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            double squares = 0;
            for (int i = row; i < actual.length; i += ROWS) {
                double difference = (double) outputs[i] - actual[i];
                sum += difference;
                squares += difference * difference;
            }
            error += squares / SAMPLES - Math.pow(sum / SAMPLES, 2);
        }
        return error;
    }
}
