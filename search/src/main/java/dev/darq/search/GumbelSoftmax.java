package dev.darq.search;

import java.util.SplittableRandom;

/**
 * Gumbel-softmax (Jang et al. 2017, equation 2; Maddison et al. 2017): every step draws
 * {@code y = softmax((alpha + g) / T)}, {@code g = -log(-log u)}. The largest {@code y} is distributed as
 * {@code softmax(alpha)}, whatever T.
 *
 * @param hard whether the step runs the candidate of the largest {@code y} alone, with the gradient of {@code y}
 *             (straight-through, section 2.2 of Jang et al.)
 */
public record GumbelSoftmax(boolean hard) implements Relaxation {
    @Override
    public String label() {
        return hard ? "gumbel-hard" : "gumbel-softmax";
    }

    @Override
    public boolean isRandom() {
        return true;
    }

    @Override
    public double[] noise(SplittableRandom random, int candidates) {
        double[] noise = new double[candidates];
        for (int j = 0; j < candidates; j++) {
            // Neither 0 nor 1, where the noise would be infinite.
            noise[j] = -Math.log(-Math.log(random.nextDouble(Double.MIN_NORMAL, 1)));
        }
        return noise;
    }

    @Override
    public double[] mixture(double[] sample) {
        if (!hard) {
            return sample;
        }
        int best = 0;
        for (int j = 1; j < sample.length; j++) {
            best = sample[j] > sample[best] ? j : best;
        }
        double[] one = new double[sample.length];
        one[best] = 1;
        return one;
    }
}
