package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * How a network comes from float32 to its target candidates while it is trained. A schedule is a function of the epoch
 * alone. It has come to its end after the fraction {@link #until()} of the epochs, and before the last one in any case:
 * from there on every layer has its target.
 */
public sealed interface PrecisionSchedule permits DirectPrecision, LayerByLayer, FallingBits, CyclicBits {
    /** The fraction of the epochs, 0 to 1, after which the schedule is at its end. */
    double until();

    /**
     * The candidates of one layer before the end of the schedule.
     *
     * @param epoch  epoch, from 0, less than {@code length}
     * @param length epochs of the schedule
     * @param layer  index of the layer, from 0
     * @param layers number of layers
     * @param target what the layer will have
     */
    LayerCandidates before(int epoch, int length, int layer, int layers, LayerCandidates target);

    /** The first epoch, from 0, in which every layer has its target. */
    default int settled(int epochs) {
        return (int) Math.clamp(Math.round(until() * epochs), 0L, Math.max(0, epochs - 1));
    }

    /**
     * The candidates of one layer.
     *
     * @param epoch  epoch, from 0
     * @param epochs number of epochs of the training
     * @param layer  index of the layer, from 0
     * @param layers number of layers
     * @param target what the layer will have
     */
    default LayerCandidates at(int epoch, int epochs, int layer, int layers, LayerCandidates target) {
        int length = settled(epochs);
        return epoch < length ? before(epoch, length, layer, layers, target) : target;
    }

    /**
     * A target's scheme at other bits: of the widths that the scheme has, the one nearest to these, of two the smaller.
     * What is not quantized stays so.
     */
    static Candidate withBits(Candidate target, double bits) {
        if (target.bits() > MOST_BITS) {
            return target;
        }
        int nearest = target.scheme().bits().stream().filter(b -> b <= MOST_BITS)
                .reduce((a, b) -> Math.abs(b - bits) < Math.abs(a - bits) ? b : a).orElse(target.bits());
        return new Candidate(target.scheme(), nearest);
    }

    /** The widest codes that a schedule moves through. */
    int MOST_BITS = 8;
}
