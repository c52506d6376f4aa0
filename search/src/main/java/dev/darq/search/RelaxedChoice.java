package dev.darq.search;

import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.State;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The choice of a tensor, or of tied tensors together, among candidates, relaxed: architecture parameters, the probabilities
 * {@code p = softmax(alpha / T)}, the mixture of the present training step, and the gradient's way back to alpha.
 *
 * <p>
 * Costs, errors and the entropy are functions of {@code p}, which needs no sample. Cross-entropy is a function of the
 * sampled mixture. So there are two gradients, and alpha gets the sum of both.
 *
 * <p>
 * Candidates whose probability falls under {@value #NEGLIGIBLE} leave the mixture: their share of value and gradient is
 * below what float32 sums resolve, and they cost as much as the others.
 */
final class RelaxedChoice implements State.Holder {
    static final double NEGLIGIBLE = 1e-4;

    private final Parameter alpha;
    private final double[] probabilityGradient;
    private final double[] sampleGradient;
    private Relaxation relaxation = new Softmax();
    private double[] noise;
    private double temperature = 1;

    RelaxedChoice(String name, int candidates) {
        alpha = new Parameter(name + ".alpha", candidates);
        probabilityGradient = new double[candidates];
        sampleGradient = new double[candidates];
        noise = new double[candidates];
    }

    /** The architecture parameters, one a candidate. */
    Parameter alpha() {
        return alpha;
    }

    void relaxation(Relaxation value) {
        relaxation = value;
    }

    void temperature(double value) {
        temperature = value;
    }

    /**
     * Draws what the coming passes sample. A draw is a function of the seed and the choice's name alone, so that a run
     * can be repeated from any step.
     */
    void draw(long seed) {
        noise = relaxation.noise(new SplittableRandom(seed ^ alpha.name().hashCode() * 0x9E3779B97F4A7C15L),
                noise.length);
    }

    /** Probabilities of the candidates, {@code softmax(alpha / T)}; negligible ones are exactly 0. */
    double[] probabilities() {
        return softmax(new double[noise.length]);
    }

    /** The soft sample of this step: what the gradient by alpha goes through. */
    private double[] sample() {
        return softmax(noise);
    }

    /** Weights of the candidates in a pass. */
    double[] mixture(Pass pass) {
        return pass.isSampled() ? relaxation.mixture(sample()) : probabilities();
    }

    /** Whether a pass needs the candidates' values: for the mixture, for the gradient by alpha, or for their errors. */
    boolean[] evaluated(Pass pass) {
        double[] mixture = mixture(pass);
        boolean architecture = pass.gradients().ofArchitecture();
        double[] p = architecture ? probabilities() : mixture;
        double[] sample = architecture && pass.isSampled() ? sample() : mixture;
        boolean[] evaluated = new boolean[mixture.length];
        for (int j = 0; j < evaluated.length; j++) {
            evaluated[j] = mixture[j] > 0 || p[j] > 0 || sample[j] > 0;
        }
        return evaluated;
    }

    private double[] softmax(double[] added) {
        float[] logits = alpha.value();
        double maximum = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < logits.length; j++) {
            maximum = Math.max(maximum, logits[j] + added[j]);
        }
        double[] p = new double[logits.length];
        double sum = 0;
        for (int j = 0; j < p.length; j++) {
            p[j] = Math.exp((logits[j] + added[j] - maximum) / temperature);
            sum += p[j];
        }
        double kept = 0;
        for (int j = 0; j < p.length; j++) {
            p[j] /= sum;
            p[j] = p[j] < NEGLIGIBLE ? 0 : p[j];
            kept += p[j];
        }
        for (int j = 0; j < p.length; j++) {
            p[j] /= kept;
        }
        return p;
    }

    /** Index of the most probable candidate; the first of equals. */
    int mostProbable() {
        float[] logits = alpha.value();
        int best = 0;
        for (int j = 1; j < logits.length; j++) {
            if (logits[j] > logits[best]) {
                best = j;
            }
        }
        return best;
    }

    /** Gradient of the outer loss by {@link #probabilities}; whoever has a share in it adds to it. */
    double[] probabilityGradient() {
        return probabilityGradient;
    }

    /** Gradient of the loss by the weights of {@link #mixture}; backward passes add to it. */
    double[] mixtureGradient(Pass pass) {
        return pass.isSampled() && relaxation.isRandom() ? sampleGradient : probabilityGradient;
    }

    /** Entropy of the probabilities in nats: 0 for a choice that is made. */
    double entropy() {
        double entropy = 0;
        for (double p : probabilities()) {
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return entropy;
    }

    /** Adds the gradient of {@code weight * entropy}: {@code dH/dp_j = -(log p_j + 1)}. */
    void addEntropyGradient(double weight) {
        double[] p = probabilities();
        for (int j = 0; j < p.length; j++) {
            probabilityGradient[j] -= p[j] > 0 ? weight * (Math.log(p[j]) + 1) : 0;
        }
    }

    /** Turns the gradients by probabilities and mixture into that by alpha (softmax at temperature T), and clears them. */
    void finishGradient() {
        double[] byProbability = softmaxGradient(probabilities(), probabilityGradient);
        double[] bySample = softmaxGradient(sample(), sampleGradient);
        for (int j = 0; j < noise.length; j++) {
            alpha.gradient()[j] += (float) (byProbability[j] + bySample[j]);
        }
        Arrays.fill(probabilityGradient, 0);
        Arrays.fill(sampleGradient, 0);
    }

    private double[] softmaxGradient(double[] p, double[] gradient) {
        double mean = 0;
        for (int j = 0; j < p.length; j++) {
            mean += p[j] * gradient[j];
        }
        double[] byAlpha = new double[p.length];
        for (int j = 0; j < p.length; j++) {
            byAlpha[j] = p[j] * (gradient[j] - mean) / temperature;
        }
        return byAlpha;
    }

    /** Alphas and temperature: every step draws anew, and gradients are clear between steps. */
    @Override
    public void save(State state) {
        alpha.save(state.under("alpha"));
        state.put("temperature", temperature);
    }

    @Override
    public void restore(State state) {
        alpha.restore(state.under("alpha"));
        temperature = state.real("temperature");
    }
}
