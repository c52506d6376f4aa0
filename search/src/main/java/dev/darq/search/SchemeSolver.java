package dev.darq.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Finds the best scheme that exceeds no budget, by dynamic programming over the layers. Of the schemes that exceed none,
 * those count first that are on the most budgets ({@link Budget#isMetBy}); of these the one of highest score.
 */
final class SchemeSolver {
    private final SchemeProblem problem;
    private final List<SchemeComponent> components;

    SchemeSolver(SchemeProblem problem) {
        this.problem = problem;
        components = SchemeComponent.of(problem);
    }

    /**
     * What was found.
     *
     * @param choice  index of the candidate of each variable
     * @param costs   of the scheme, for each budget, fractions of the float32 network's
     * @param nearest the highest cost under each budget that a scheme within all of them has
     */
    record Solution(int[] choice, double[] costs, double[] nearest) {}

    /**
     * Solves.
     *
     * @throws IllegalStateException when every scheme exceeds some budget, with what the cheapest have
     */
    Solution solve() {
        int budgets = problem.budgets().size();
        double[] toCome = cheapest();
        PartialScheme start = PartialScheme.empty(budgets).costing(problem.overhead());
        SchemeFront front = new SchemeFront(problem);
        front.add(start);
        for (int k = 0; k < budgets; k++) {
            toCome[k] -= problem.overhead()[k];
        }
        for (SchemeComponent component : components) {
            double[] least = component.cheapest();
            for (int k = 0; k < budgets; k++) {
                toCome[k] -= least[k];
            }
            front = front.with(component.schemes(), toCome);
        }
        PartialScheme best = front.partials().stream()
                .max(Comparator.comparingInt((PartialScheme partial) -> problem.met(partial.costs()))
                        .thenComparingDouble(PartialScheme::score))
                .orElseThrow(() -> new IllegalStateException(infeasible()));
        int[] choice = new int[problem.variables().size()];
        best.write(choice);
        double[] nearest = new double[budgets];
        for (PartialScheme partial : front.partials()) {
            for (int k = 0; k < budgets; k++) {
                nearest[k] = Math.max(nearest[k], partial.costs()[k]);
            }
        }
        return new Solution(choice, problem.costs(choice), nearest);
    }

    /** The least cost of the whole network under each budget by itself. */
    private double[] cheapest() {
        double[] least = Arrays.copyOf(problem.overhead(), problem.overhead().length);
        components.forEach(component -> SchemeProblem.add(least, component.cheapest()));
        return least;
    }

    private String infeasible() {
        double[] cheapest = cheapest();
        for (int k = 0; k < cheapest.length; k++) {
            Budget budget = problem.budgets().get(k);
            if (!budget.allows(cheapest[k])) {
                return String.format(Locale.ROOT,
                        "no scheme of the search space meets the %s target %s: the cheapest has %.6f of float32",
                        budget.model().label(), budget.target(), cheapest[k]);
            }
        }
        return "no scheme of the search space meets the targets of " + problem.budgets().stream()
                .map(budget -> budget.model().label() + " " + budget.target()).toList()
                + " at once, though each can be met by itself";
    }
}
