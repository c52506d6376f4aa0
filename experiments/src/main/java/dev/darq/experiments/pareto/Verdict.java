package dev.darq.experiments.pareto;

import dev.darq.experiments.config.ParetoConfig;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.search.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What the points say about the figures that a search is held to. */
final class Verdict {
    /** How a claim came out. */
    enum Outcome {
        MET("met"), NOT_MET("NOT met"), UNDECIDED("undecided");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        static Outcome of(boolean met) {
            return met ? MET : NOT_MET;
        }
    }

    /**
     * One claim at one budget.
     *
     * @param claim   what is claimed
     * @param where   the budget, or what is compared
     * @param outcome how it came out
     * @param figures the figures it was decided by
     */
    record Statement(String claim, String where, Outcome outcome, String figures) {}

    private final List<Statement> statements = new ArrayList<>();

    private Verdict() {}

    /** Evaluates every claim for which there are points. */
    static Verdict of(List<Point> points, List<Double> budgets, List<SearchSpace> spaces) {
        Claims claims = new Claims(points);
        Verdict verdict = new Verdict();
        Stream.<Claim>of(claims::nearTheFront, claims::aboveDearerUniform, claims::aboveCheaperUniform,
                claims::aboveRandom, claims::notBelowIntegerProgram, claims::notBelowGreedy,
                claims::smallGap).forEach(
                        claim -> budgets.stream().map(claim::at).flatMap(List::stream)
                                .forEach(verdict.statements::add));
        for (int i = 1; i < budgets.size(); i++) {
            verdict.statements.addAll(claims.notWorseThanTheBudgetBelow(budgets.get(i - 1), budgets.get(i)));
        }
        for (int small = 0; small < spaces.size(); small++) {
            for (int large = 0; large < spaces.size(); large++) {
                if (small != large && contains(spaces.get(large), spaces.get(small))) {
                    for (double budget : budgets) {
                        verdict.statements.addAll(claims.notWorseThanTheSmallerSpace(budget, small, large));
                    }
                }
            }
        }
        return verdict;
    }

    /** As {@link #of(List, List, List)}, of a run. */
    static Verdict of(List<Point> points, ParetoConfig config) {
        List<SearchSpace> spaces = new ArrayList<>(List.of(config.experiment().space()));
        spaces.addAll(config.pareto().subspaces());
        return of(points, config.pareto().budgets(), spaces);
    }

    @FunctionalInterface
    private interface Claim {
        List<Statement> at(double budget);
    }

    private static boolean contains(SearchSpace large, SearchSpace small) {
        return !large.equals(small) && large.weights().containsAll(small.weights())
                && large.activations().containsAll(small.activations());
    }

    List<Statement> statements() {
        return List.copyOf(statements);
    }

    /** One row a statement. */
    Table table() {
        Table table = new Table().text("claim").text("where").text("outcome").text("figures");
        statements.forEach(statement -> table.row(statement.claim, statement.where, statement.outcome.label,
                statement.figures));
        return table;
    }

    /** How many of each claim's statements came out how. */
    Table summary() {
        Table table = new Table().text("claim").number("met").number("not met").number("undecided");
        statements.stream().map(Statement::claim).distinct()
                .forEach(claim -> table.row(Cell.of(claim), count(claim, Outcome.MET), count(claim, Outcome.NOT_MET),
                        count(claim, Outcome.UNDECIDED)));
        return table;
    }

    private Cell count(String claim, Outcome outcome) {
        return Cell.count(statements.stream()
                .filter(statement -> Objects.equals(statement.claim, claim) && statement.outcome == outcome).count());
    }
}
