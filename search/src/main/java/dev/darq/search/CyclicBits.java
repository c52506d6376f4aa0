package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * Cyclic precision (CPT, Fu et al. 2021, equation 1): in each cycle the width goes from {@code bits} to the target's
 * along half a cosine, {@code b = round(bits + (target - bits) (1 - cos(pi t / T)) / 2)}. Departure: {@code bits} may
 * also lie above the target's, and widths that the scheme lacks are replaced by the nearest it has.
 *
 * @param bits   the width at the start of each cycle
 * @param cycles number of cycles, at least 1
 * @param until  fraction of the epochs, 0 to 1, after which all layers have their target
 */
public record CyclicBits(int bits, int cycles, double until) implements PrecisionSchedule {
    @Override
    public LayerCandidates before(int epoch, int length, int layer, int layers, LayerCandidates target) {
        double phase = (double) epoch * cycles / length % 1;
        return new LayerCandidates(at(target.weights(), phase), at(target.activations(), phase));
    }

    private Candidate at(Candidate target, double phase) {
        double way = 0.5 * (1 - Math.cos(Math.PI * phase));
        return PrecisionSchedule.withBits(target, Math.rint(bits + (target.bits() - bits) * way));
    }
}
