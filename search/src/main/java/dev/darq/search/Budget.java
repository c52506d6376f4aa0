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
 * @param slack     how far under its target a discrete network may stay to be on it, a fraction of the target in
 *                  (0, 1]; with 1 the target is a mere upper limit
 */
public record Budget(CostModel model, @Nullable Double target, @Nullable Double lambda, Weighting weighting,
        double slack) {
    /** The slack where nothing else is said. */
    public static final double DEFAULT_SLACK = 0.02;
    /** Sums of the same costs in another order differ by less. */
    private static final double ROUNDING = 1e-9;

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
        if (!(slack > 0 && slack <= 1)) {
            throw new IllegalArgumentException("expected a slack above 0 and up to 1, got " + slack);
        }
    }

    /** With a target, dual ascent to it, and the default slack; with a lambda, that one. One of the two is given. */
    public Budget(CostModel model, @Nullable Double target, @Nullable Double lambda) {
        this(model, target, lambda, Weighting.of(target != null), DEFAULT_SLACK);
    }

    /** The same with another slack. */
    public Budget withSlack(double value) {
        return new Budget(model, target, lambda, weighting, value);
    }

    Multiplier multiplier() {
        return Multiplier.of(weighting, target, lambda);
    }

    /** Whether a cost, a fraction of the float32 network's, is not above the target; without a target every one is. */
    public boolean allows(double cost) {
        return target == null || cost <= target * (1 + ROUNDING);
    }

    /** Whether a cost is on the target: allowed, and no further under it than the slack. */
    public boolean isMetBy(double cost) {
        return target == null || allows(cost) && isWithinSlack(cost, target);
    }

    /** Whether a cost is no further under another than the slack. */
    boolean isWithinSlack(double cost, double other) {
        return cost >= other * (1 - slack) * (1 - ROUNDING);
    }
}
