package dev.darq.search;

import java.util.function.DoubleSupplier;

/** What gradients are held against. */
final class FiniteDifferences {
    private FiniteDifferences() {}

    /** The central difference of a loss by one of these values, which is put back. */
    static double slope(float[] values, int index, double step, DoubleSupplier loss) {
        float kept = values[index];
        values[index] = (float) (kept + step);
        double above = loss.getAsDouble();
        values[index] = (float) (kept - step);
        double below = loss.getAsDouble();
        values[index] = kept;
        return (above - below) / (2 * step);
    }
}
