package dev.darq.search;

import java.util.Comparator;
import java.util.List;

/**
 * A local search beside the dynamic programme, for spaces that are too large to keep all of their partial schemes
 * ({@link SchemeFront}): changes one or two variables at a time as long as that brings a scheme closer to its budgets, or
 * leaves it as close with a higher score.
 */
final class SchemeRepair {
    /** To exceed a budget counts so much more than to be under it that no closeness to another is worth it. */
    private static final double EXCESS = 1e6;
    private static final double ROUNDING = 1e-9;
    private static final int STARTS = 16;
    private static final int MOST_CHANGES = 200;

    private final SchemeProblem problem;

    SchemeRepair(SchemeProblem problem) {
        this.problem = problem;
    }

    /** A scheme and how it stands. */
    private record Standing(int[] choice, double distance, double score) {
        boolean isBetterThan(Standing other) {
            return distance < other.distance - ROUNDING
                    || distance < other.distance + ROUNDING && score > other.score + ROUNDING;
        }
    }

    /** What the search ends at from those of these schemes that are closest to the budgets; from all of them, if few. */
    List<int[]> improved(List<int[]> schemes) {
        return schemes.stream().map(this::standing).sorted(Comparator.comparingDouble(Standing::distance))
                .limit(STARTS).map(this::improved).map(Standing::choice).toList();
    }

    private Standing improved(Standing start) {
        Standing best = start;
        for (int change = 0; change < MOST_CHANGES; change++) {
            Standing next = bestNeighbour(best);
            if (!next.isBetterThan(best)) {
                return best;
            }
            best = next;
        }
        return best;
    }

    private Standing bestNeighbour(Standing from) {
        Standing best = from;
        int[] choice = from.choice.clone();
        for (int v = 0; v < choice.length; v++) {
            for (int w = v; w < choice.length; w++) {
                for (int i = 0; i < candidates(v); i++) {
                    for (int j = 0; j < (w == v ? 1 : candidates(w)); j++) {
                        choice[v] = i;
                        choice[w] = w == v ? i : j;
                        Standing next = standing(choice);
                        best = next.isBetterThan(best) ? next : best;
                    }
                }
                choice[w] = from.choice[w];
            }
            choice[v] = from.choice[v];
        }
        return best;
    }

    private int candidates(int variable) {
        return problem.variables().get(variable).scores().length;
    }

    private Standing standing(int[] choice) {
        double[] costs = problem.costs(choice);
        double distance = 0;
        for (int k = 0; k < costs.length; k++) {
            Budget budget = problem.budgets().get(k);
            Double target = budget.target();
            if (target != null && !budget.isMetBy(costs[k])) {
                distance += costs[k] > target
                        ? EXCESS * (costs[k] / target - 1)
                        : 1 - budget.slack() - costs[k] / target;
            }
        }
        return new Standing(choice.clone(), distance, problem.score(choice));
    }
}
