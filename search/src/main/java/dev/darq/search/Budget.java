package dev.darq.search;

import org.jspecify.annotations.Nullable;

/**
 * One cost term of the outer objective. With a {@code target} its multiplier lambda is learned by dual ascent; with a
 * {@code lambda} it is fixed. Exactly one of the two is given.
 *
 * @param model  what is counted
 * @param target fraction of the float32 network's cost that the discrete network must not exceed, in (0, 1]
 * @param lambda fixed multiplier of the cost (a fraction of the float32 network's)
 */
public record Budget(CostModel model, @Nullable Double target, @Nullable Double lambda) {
    /** Checks that exactly one of target and lambda is given. */
    public Budget {
        if ((target == null) == (lambda == null)) {
            throw new IllegalArgumentException("a cost needs either a target or a fixed lambda, not both");
        }
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
