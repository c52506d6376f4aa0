package dev.darq.experiments.config;

import dev.darq.search.CostModel;
import dev.darq.search.SearchSpace;
import java.util.List;

/**
 * What a searched network is compared with, and at which costs.
 *
 * @param model          what the budgets count
 * @param budgets        rising fractions of the float32 network's cost, each searched for by itself
 * @param uniform        whether every pair of candidates is trained as a scheme with all layers alike
 * @param random         number of random schemes at the cost of each budget, may be 0
 * @param window         how far below the budget random schemes may cost, a fraction of the budget
 * @param integerProgram whether second-order sensitivities with an integer program choose a scheme for each budget
 * @param greedy         whether a greedy bit descent chooses a scheme for each budget
 * @param exhaustive     whether every scheme of the space is trained
 * @param subspaces      smaller spaces that are searched too
 */
public record ParetoSettings(CostModel model, List<Double> budgets, boolean uniform, int random, double window,
        boolean integerProgram, boolean greedy, boolean exhaustive, List<SearchSpace> subspaces) {
    /** The most schemes that can be trained exhaustively. */
    public static final int MOST_SCHEMES = 4096;

    /** Copies the lists. */
    public ParetoSettings {
        budgets = List.copyOf(budgets);
        subspaces = List.copyOf(subspaces);
    }
}
