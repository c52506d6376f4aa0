package dev.darq.search;

import java.util.List;

/**
 * Gradual quantization by bits: every layer goes through these widths, each for the same number of epochs, and then has
 * its target. A width below the target's is skipped over: the layer waits at its target.
 *
 * @param bits  widths in descending order, for example 8, 4
 * @param until fraction of the epochs, 0 to 1, after which all layers have their target
 */
public record FallingBits(List<Integer> bits, double until) implements PrecisionSchedule {
    /** Copies the list. */
    public FallingBits {
        bits = List.copyOf(bits);
    }

    @Override
    public LayerCandidates before(int epoch, int length, int layer, int layers, LayerCandidates target) {
        int width = bits.get((int) ((long) epoch * bits.size() / length));
        return new LayerCandidates(
                PrecisionSchedule.withBits(target.weights(), Math.max(width, target.weights().bits())),
                PrecisionSchedule.withBits(target.activations(), Math.max(width, target.activations().bits())));
    }
}
