package dev.darq.search;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * Where a scheme stands against a budget.
 *
 * @param budget  one with a target
 * @param cost    of the scheme, a fraction of the float32 network's
 * @param nearest the highest cost under the target that a scheme of the space within all budgets has
 * @param others  whether there are other budgets beside it
 * @param exact   whether every scheme of the space was compared; if not, a nearer one may exist
 */
public record BudgetOutcome(Budget budget, double cost, double nearest, boolean others, boolean exact) {
    /** Whether the scheme is on its budget: not above the target, and no further under it than the slack. */
    public boolean isMet() {
        return budget.isMetBy(cost);
    }

    /** How far a cost is under the target, a fraction of the target; negative above it. */
    private double under(double value) {
        return 1 - value / target();
    }

    private double target() {
        Double target = budget.target();
        if (target == null) {
            throw new IllegalStateException("a budget without a target has no outcome");
        }
        return target;
    }

    /** The outcome in one line, for a person. */
    public String sentence() {
        String has = String.format(Locale.ROOT, "%s: %s of float32", budget.model().label(), percent(cost));
        if (!budget.allows(cost)) {
            return String.format(Locale.ROOT, "%s EXCEEDS the target %s by %.2f %%; method 'exact' never does", has,
                    percent(target()), -100 * under(cost));
        }
        String standing = String.format(Locale.ROOT, "%s, %.2f %% under the target %s", has,
                100 * Math.max(0, under(cost)), percent(target()));
        return isMet() ? standing : standing + "; " + shortfall();
    }

    /** Why no scheme is on this budget, in one line; to be asked of an outcome that is not met. */
    public String shortfall() {
        String slack = percent(budget.slack());
        if (!budget.isMetBy(nearest)) {
            return String.format(Locale.ROOT,
                    "no scheme of this space%s %s within %s under the %s target %s, the nearest has %s (%.2f %% under)",
                    others ? " that keeps the other budgets" : "", exact ? "is" : "was found", slack,
                    budget.model().label(), percent(target()), percent(nearest), 100 * under(nearest));
        }
        return others
                ? String.format(Locale.ROOT,
                        "a scheme within %s under the %s target exists (%s), but none %sthat is on more budgets at once",
                        slack, budget.model().label(), percent(nearest), exact ? "" : "was found ")
                : String.format(Locale.ROOT, "a scheme within %s under the target exists (%s); method 'exact' takes it",
                        slack, percent(nearest));
    }

    /** A fraction for a person, to four digits. */
    static String percent(double fraction) {
        return BigDecimal.valueOf(100 * fraction).round(new MathContext(4)).stripTrailingZeros().toPlainString()
                + " %";
    }
}
