package dev.darq.quantizers;

/**
 * Options of the quantizers that a configuration may set.
 *
 * @param lqWeightOffset     whether LQ fits an offset beside the basis of each output channel
 * @param lqActivationOffset whether LQ fits an offset beside the basis of the activations
 */
public record QuantizerSettings(boolean lqWeightOffset, boolean lqActivationOffset) {
    /** No weight offset (it adds little), an activation offset (at 1 and 2 bits it adds much). */
    public static final QuantizerSettings DEFAULT = new QuantizerSettings(false, true);
}
