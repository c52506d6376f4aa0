package dev.darq.search;

/**
 * The multiplier lambda of a budget: fixed, or learned by dual ascent,
 * {@code lambda <- max(0, lambda + eta (cost - target))}.
 *
 * <p>
 * Descent on lambda together with the alphas would be ill-posed: the loss grows with lambda wherever the cost is positive,
 * so lambda would run to 0. {@code eta} is {@value #RATE}/target^2, which makes the ascent independent of the scale of
 * the target.
 */
final class Multiplier {
    private static final double RATE = 2e-4;

    private final Budget budget;
    private double lambda;

    Multiplier(Budget budget) {
        this.budget = budget;
        lambda = budget.lambda() == null ? 0 : budget.lambda();
    }

    double lambda() {
        return lambda;
    }

    /** One step of dual ascent; a fixed multiplier stays. */
    void ascend(double cost) {
        Double target = budget.target();
        if (target != null) {
            lambda = Math.max(0, lambda + RATE / (target * target) * (cost - target));
        }
    }
}
