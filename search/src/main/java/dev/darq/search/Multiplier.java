package dev.darq.search;

import dev.darq.quantizers.State;
import org.jspecify.annotations.Nullable;

/** The multiplier lambda of one term of the outer objective, and how it is learned. */
sealed interface Multiplier extends State.Holder permits FixedMultiplier, DualAscent, UncertaintyWeight {
    /** The present lambda, at least 0. */
    double lambda();

    /** Learns from the present value of the term, once after every outer step. */
    void update(double value);

    static Multiplier of(Weighting weighting, @Nullable Double target, @Nullable Double lambda) {
        return switch (weighting) {
            case FIXED -> new FixedMultiplier(given(lambda, "lambda"));
            case DUAL_ASCENT -> new DualAscent(given(target, "target"));
            case UNCERTAINTY -> new UncertaintyWeight();
        };
    }

    private static double given(@Nullable Double value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("a " + name + " is needed");
        }
        return value;
    }
}
