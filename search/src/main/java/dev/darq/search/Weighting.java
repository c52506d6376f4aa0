package dev.darq.search;

/**
 * How the multiplier lambda of a term of the outer objective comes about. Plain gradient descent on lambda is not among
 * them since it is ill-posed: the loss's derivative by lambda is the term itself, which is positive, so lambda would run
 * to 0 and the term be ignored.
 */
public enum Weighting {
    /** A number that is given. */
    FIXED("fixed"),
    /** Learned: it rises while the term is over its target and falls while it is under. */
    DUAL_ASCENT("dual-ascent"),
    /** Learned: {@code exp(-s) L + s}, {@code s} trained beside the alphas, for this term and the cross-entropy (Kendall et al. 2018). */
    UNCERTAINTY("uncertainty");

    private final String label;

    Weighting(String label) {
        this.label = label;
    }

    /** The name in a configuration. */
    public String label() {
        return label;
    }

    /** What a target and a fixed lambda say when nothing else does. */
    static Weighting of(boolean target) {
        return target ? DUAL_ASCENT : FIXED;
    }
}
