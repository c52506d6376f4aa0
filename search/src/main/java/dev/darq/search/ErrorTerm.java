package dev.darq.search;

import org.jspecify.annotations.Nullable;

/**
 * The error term of the outer objective: the mean relative quantization error of the layers.
 *
 * @param weighting how its multiplier lambda_err comes about
 * @param target    with dual ascent, the mean relative error to come under, positive
 * @param lambda    when fixed, the multiplier, at least 0
 */
public record ErrorTerm(Weighting weighting, @Nullable Double target, @Nullable Double lambda) {
    /** Checks that exactly what the weighting needs is given. */
    public ErrorTerm {
        if ((target != null) != (weighting == Weighting.DUAL_ASCENT)
                || (lambda != null) != (weighting == Weighting.FIXED)) {
            throw new IllegalArgumentException(
                    weighting.label() + " does not go with target " + target + " and lambda " + lambda);
        }
    }

    /** A fixed multiplier. */
    public static ErrorTerm fixed(double lambda) {
        return new ErrorTerm(Weighting.FIXED, null, lambda);
    }

    Multiplier multiplier() {
        return Multiplier.of(weighting, target, lambda);
    }
}
