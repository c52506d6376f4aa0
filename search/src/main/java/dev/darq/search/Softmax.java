package dev.darq.search;

import java.util.SplittableRandom;

/** The mixture {@code softmax(alpha / T)} itself (DARTS, Liu et al. 2019, equation 2, with a temperature). */
public record Softmax() implements Relaxation {
    @Override
    public String label() {
        return "softmax";
    }

    @Override
    public boolean isRandom() {
        return false;
    }

    @Override
    public double[] noise(SplittableRandom random, int candidates) {
        return new double[candidates];
    }

    @Override
    public double[] mixture(double[] sample) {
        return sample;
    }
}
