package dev.darq.search;

import java.util.SplittableRandom;

/**
 * How the choice of one candidate is made continuous: which mixture of the candidates a training step runs, as a function
 * of the architecture parameters. Evaluation always runs the mixture {@code p = softmax(alpha / T)}, without chance.
 */
public sealed interface Relaxation permits Softmax, GumbelSoftmax {
    /** The name in a configuration. */
    String label();

    /** Whether steps draw samples. */
    boolean isRandom();

    /** What is added to the architecture parameters of a tensor in one step; all zero where nothing is random. */
    double[] noise(SplittableRandom random, int candidates);

    /**
     * The mixture that is run, given the soft sample {@code softmax((alpha + noise) / T)}. Whatever it is, the gradient
     * by alpha is that of the soft sample.
     */
    double[] mixture(double[] sample);
}
