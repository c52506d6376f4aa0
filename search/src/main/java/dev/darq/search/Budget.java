package dev.darq.search;

import org.jspecify.annotations.Nullable;

/**
 * One cost term of the outer objective. With a {@code target} its multiplier lambda is learned by dual ascent; with a
 * {@code lambda} it is fixed. Exactly one of the two is given.
 *
 * @param model  what is counted
 * @param target fraction of the float32 network's cost that the discrete network must not exceed, in (0, 1]
 * @param lambda fixed multiplier of the cost (a fraction of the float32 network's)
 * @param slack  how far under its target a discrete network may stay to be on it, a fraction of the target in (0, 1]; with
 *               1 the target is a mere upper limit
 */
public record Budget(CostModel model, @Nullable Double target, @Nullable Double lambda, double slack) {
    /** The slack where nothing else is said. */
    public static final double DEFAULT_SLACK = 0.02;
    /** Sums of the same costs in another order differ by less. */
    private static final double ROUNDING = 1e-9;

    /** Checks that exactly one of target and lambda is given. */
    public Budget {
        if ((target == null) == (lambda == null)) {
            throw new IllegalArgumentException("a cost needs either a target or a fixed lambda, not both");
        }
        if (!(slack > 0 && slack <= 1)) {
            throw new IllegalArgumentException("expected a slack above 0 and up to 1, got " + slack);
        }
    }

    /** With the default slack. */
    public Budget(CostModel model, @Nullable Double target, @Nullable Double lambda) {
        this(model, target, lambda, DEFAULT_SLACK);
    }

    /** Whether a cost, a fraction of the float32 network's, is not above the target; without a target every one is. */
    public boolean allows(double cost) {
        return target == null || cost <= target * (1 + ROUNDING);
    }

    /** Whether a cost is on the target: allowed, and no further under it than the slack. */
    public boolean isMetBy(double cost) {
        return target == null || allows(cost) && cost >= target * (1 - slack) * (1 - ROUNDING);
    }
}
