package dev.darq.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the best scheme that exceeds no budget, by dynamic programming over the layers. Of the schemes that exceed none,
 * those count first that are on the most budgets, or on the nearest cost under a budget that none is on
 * ({@link SchemeProblem#met}); of these the one of highest score. In spaces too large to keep all partial schemes a local
 * search follows, and the solution is not said to be exact.
 */
final class SchemeSolver {
    private static final String NONE_FOUND = "the search space is too large to try every scheme, and none was found that "
            + "meets the ";

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
     * @param exact   whether every scheme was compared; of spaces too large for that, better ones may exist
     */
    record Solution(int[] choice, double[] costs, double[] nearest, boolean exact) {}

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
        List<int[]> schemes = front.partials().stream().map(this::choice).toList();
        if (!front.isExact()) {
            schemes = withRepaired(schemes);
        }
        return best(schemes, front.isExact());
    }

    /** These, and what a local search makes of those closest to the budgets: a better scheme may have been given up. */
    private List<int[]> withRepaired(List<int[]> schemes) {
        List<int[]> starts = schemes.isEmpty() ? List.of(new int[problem.variables().size()]) : schemes;
        List<int[]> all = new ArrayList<>(schemes);
        new SchemeRepair(problem).improved(starts).stream()
                .filter(choice -> problem.allows(problem.costs(choice), new double[problem.budgets().size()]))
                .forEach(all::add);
        return all;
    }

    private int[] choice(PartialScheme scheme) {
        int[] choice = new int[problem.variables().size()];
        scheme.write(choice);
        return choice;
    }

    private Solution best(List<int[]> schemes, boolean exact) {
        double[] nearest = new double[problem.budgets().size()];
        for (int[] choice : schemes) {
            double[] costs = problem.costs(choice);
            for (int k = 0; k < nearest.length; k++) {
                nearest[k] = Math.max(nearest[k], costs[k]);
            }
        }
        int[] best = schemes.stream()
                .max(Comparator.comparingInt((int[] choice) -> problem.met(problem.costs(choice), nearest))
                        .thenComparingDouble(problem::score))
                .orElseThrow(() -> new IllegalStateException(infeasible(exact)));
        return new Solution(best, problem.costs(best), nearest, exact);
    }

    /** The least cost of the whole network under each budget by itself. */
    private double[] cheapest() {
        double[] least = Arrays.copyOf(problem.overhead(), problem.overhead().length);
        components.forEach(component -> SchemeProblem.add(least, component.cheapest()));
        return least;
    }

    private String infeasible(boolean exact) {
        double[] cheapest = cheapest();
        for (int k = 0; k < cheapest.length; k++) {
            Budget budget = problem.budgets().get(k);
            if (!budget.allows(cheapest[k])) {
                return "no scheme of the search space meets the " + named(budget) + ": the cheapest has "
                        + BudgetOutcome.percent(cheapest[k]) + " of float32";
            }
        }
        return (exact ? "no scheme of the search space meets the " : NONE_FOUND)
                + problem.budgets().stream().map(SchemeSolver::named).collect(Collectors.joining(" and the "))
                + " at once, though each can be met by itself";
    }

    private static String named(Budget budget) {
        Double target = budget.target();
        return budget.model().label() + " target " + (target == null ? "" : BudgetOutcome.percent(target));
    }
}
