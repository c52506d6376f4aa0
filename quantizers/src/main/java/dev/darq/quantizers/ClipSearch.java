package dev.darq.quantizers;

import java.util.Arrays;

/** Finds the fraction of the range of data at which clipping them leaves the least error. */
final class ClipSearch {
    private static final int CANDIDATES = 40;
    private static final double PERCENTILE = 0.999;

    private ClipSearch() {}

    /** The squared error of quantizing with a clipping value. */
    interface ClipError {
        double of(float clip);
    }

    /** Among 40 even fractions of {@code maximum}, the clipping value of least error; the widest of equals. */
    static float leastError(float maximum, ClipError error) {
        double least = Double.POSITIVE_INFINITY;
        float best = maximum;
        for (int k = CANDIDATES; k >= 1; k--) {
            float clip = maximum * k / CANDIDATES;
            double present = error.of(clip);
            if (present < least) {
                least = present;
                best = clip;
            }
        }
        return best;
    }

    /** The fraction of the largest magnitude that a rule clips at; {@code error} is asked with fractions. */
    static float fraction(Clip clip, float[] data, int from, int length, ClipError error) {
        return switch (clip) {
            case MAX -> 1;
            case PERCENTILE -> percentile(data, from, length);
            case MSE -> leastError(1, error);
        };
    }

    private static float percentile(float[] data, int from, int length) {
        float[] magnitudes = Arrays.copyOfRange(data, from, from + length);
        for (int i = 0; i < length; i++) {
            magnitudes[i] = Math.abs(magnitudes[i]);
        }
        Arrays.sort(magnitudes);
        float maximum = magnitudes[length - 1];
        float clipped = magnitudes[(int) (PERCENTILE * (length - 1))];
        // Data that are nearly all zero keep their range: a clip at zero would leave nothing of them.
        return clipped > 0 ? clipped / maximum : 1;
    }
}
