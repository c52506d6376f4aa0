package dev.darq.experiments;

import org.jspecify.annotations.Nullable;

/**
 * What the thesis on LQFullyConnected reports of its network 784-h-10 on MNIST, quantized without training.
 *
 * @param accuracy on the test set, 0 to 1
 * @param bytes    of the file; reported in KB
 * @param speedUp  over its float32 network
 */
record ThesisFigure(double accuracy, long bytes, double speedUp) {
    static final ThesisFigure FLOAT32 = new ThesisFigure(0.9719, 2_100_000, 1);

    /** The row of weights and activations of so many bits; null where the thesis has none. */
    static @Nullable ThesisFigure of(int bits) {
        return switch (bits) {
            case 1 -> new ThesisFigure(0.7511, 76_200, 13.0);
            case 2 -> new ThesisFigure(0.8886, 147_200, 6.9);
            case 3 -> new ThesisFigure(0.9559, 218_300, 3.8);
            default -> null;
        };
    }
}
