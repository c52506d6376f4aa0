package dev.darq.search;

import org.jspecify.annotations.Nullable;

/**
 * One cost term of the outer objective.
 *
 * @param model     what is counted
 * @param target    fraction of the float32 network's cost that the discrete network must not exceed, in (0, 1]; needed
 *                  with dual ascent, possible with uncertainty weighting
 * @param lambda    when fixed, the multiplier of the cost (a fraction of the float32 network's)
 * @param weighting how the multiplier comes about
 */
public record Budget(CostModel model, @Nullable Double target, @Nullable Double lambda, Weighting weighting) {
    /** Checks that what the weighting needs is given, and nothing else. */
    public Budget {
        boolean fits = switch (weighting) {
            case FIXED -> target == null && lambda != null;
            case DUAL_ASCENT -> target != null && lambda == null;
            case UNCERTAINTY -> lambda == null;
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    weighting.label() + " does not go with target " + target + " and lambda " + lambda);
        }
    }

    /** With a target, dual ascent to it; with a lambda, that one. Exactly one of the two is given. */
    public Budget(CostModel model, @Nullable Double target, @Nullable Double lambda) {
        this(model, target, lambda, Weighting.of(target != null));
    }

    Multiplier multiplier() {
        return Multiplier.of(weighting, target, lambda);
    }

    /** The least cost that any scheme of a space can have, as a fraction of the float32 network's. */
    public double cheapest(NetworkSpec network, SearchSpace space) {
        double cheapest = 0;
        double reference = 0;
        for (int i = 0; i + 1 < network.layers().size(); i++) {
            int inputs = network.layers().get(i);
            int outputs = network.layers().get(i + 1);
            cheapest += space.weights().stream().flatMapToDouble(weights -> space.activations().stream()
                    .mapToDouble(activations -> model.cost(inputs, outputs, weights, activations))).min().orElseThrow();
            reference += model.reference(inputs, outputs);
        }
        return cheapest / reference;
    }
}
