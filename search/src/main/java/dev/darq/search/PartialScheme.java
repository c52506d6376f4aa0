package dev.darq.search;

import org.jspecify.annotations.Nullable;

/**
 * Choices for some of the variables. Schemes that are put together share their parts instead of copying them.
 *
 * @param costs  under each budget
 * @param score  the sum of the scores
 * @param picked what was chosen
 */
record PartialScheme(double[] costs, double score, @Nullable Picked picked) {
    /** A tree of choices. */
    private sealed interface Picked {}

    private record One(int variable, int candidate) implements Picked {}

    private record Both(Picked first, Picked second) implements Picked {}

    static PartialScheme empty(int budgets) {
        return new PartialScheme(new double[budgets], 0, null);
    }

    static PartialScheme chosen(int variable, int candidate, double score, double[] costs) {
        return new PartialScheme(costs, score, new One(variable, candidate));
    }

    PartialScheme costing(double[] more) {
        return new PartialScheme(more, score, picked);
    }

    /** Both together. */
    PartialScheme and(PartialScheme other) {
        double[] sum = costs.clone();
        SchemeProblem.add(sum, other.costs);
        Picked first = picked;
        Picked second = other.picked;
        return new PartialScheme(sum, score + other.score,
                first == null ? second : second == null ? first : new Both(first, second));
    }

    /** Writes the choices by variable. */
    void write(int[] choice) {
        if (picked != null) {
            write(picked, choice);
        }
    }

    private static void write(Picked picked, int[] choice) {
        switch (picked) {
            case One one -> choice[one.variable] = one.candidate;
            case Both both -> {
                write(both.first, choice);
                write(both.second, choice);
            }
        }
    }
}
