package dev.darq.search;

import dev.darq.quantizers.State;

/**
 * The multiplier of a term with a target, learned by dual ascent: {@code lambda <- max(0, lambda + eta (L - target))}.
 *
 * <p>
 * {@code eta} is {@value #RATE}/target^2, which makes the ascent independent of the scale of the target.
 */
final class DualAscent implements Multiplier {
    private static final double RATE = 2e-4;

    private final double target;
    private double lambda;

    DualAscent(double target) {
        this.target = target;
    }

    @Override
    public double lambda() {
        return lambda;
    }

    @Override
    public void update(double value) {
        lambda = Math.max(0, lambda + RATE / (target * target) * (value - target));
    }

    @Override
    public void save(State state) {
        state.put("lambda", lambda);
    }

    @Override
    public void restore(State state) {
        lambda = state.real("lambda");
    }
}
