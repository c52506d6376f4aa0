package dev.darq.quantizers;

/**
 * Options of the quantizers that a configuration may set.
 *
 * @param lqWeightOffset     whether LQ fits an offset beside each basis of the weights
 * @param lqActivationOffset whether LQ fits an offset beside the basis of the activations
 * @param granularity        how many weights share a scale or a basis
 * @param groupSize          neighbouring inputs that form a group where the granularity is {@link Granularity#GROUP}
 * @param clip               where the uniform schemes clip
 * @param stochasticSign     whether the signs of {@code sign} are drawn at random in training
 */
public record QuantizerSettings(boolean lqWeightOffset, boolean lqActivationOffset, Granularity granularity,
        int groupSize, Clip clip, boolean stochasticSign) {
    /** Inputs of a group where nothing else is said: a word of the bit planes. */
    public static final int DEFAULT_GROUP_SIZE = 64;

    /**
     * No weight offset (it adds little), an activation offset (at 1 and 2 bits it adds much); granularity as the papers
     * have it, no clipping, deterministic signs.
     */
    public static final QuantizerSettings DEFAULT = new QuantizerSettings(false, true, Granularity.PAPER,
            DEFAULT_GROUP_SIZE, Clip.MAX, false);

    /** Checks the group size, which must be at least 1. */
    public QuantizerSettings {
        if (groupSize < 1) {
            throw new IllegalArgumentException("expected a group size of at least 1, got " + groupSize);
        }
    }

    /** These settings with other LQ offsets. */
    public QuantizerSettings withLqOffset(boolean weights, boolean activations) {
        return new QuantizerSettings(weights, activations, granularity, groupSize, clip, stochasticSign);
    }

    /** These settings with another granularity of the weights. */
    public QuantizerSettings withGranularity(Granularity other, int inputsOfAGroup) {
        return new QuantizerSettings(lqWeightOffset, lqActivationOffset, other, inputsOfAGroup, clip, stochasticSign);
    }

    /** These settings with another clip of the uniform schemes. */
    public QuantizerSettings withClip(Clip other) {
        return new QuantizerSettings(lqWeightOffset, lqActivationOffset, granularity, groupSize, other,
                stochasticSign);
    }

    /** These settings with signs drawn at random in training, or not. */
    public QuantizerSettings withStochasticSign(boolean stochastic) {
        return new QuantizerSettings(lqWeightOffset, lqActivationOffset, granularity, groupSize, clip, stochastic);
    }
}
