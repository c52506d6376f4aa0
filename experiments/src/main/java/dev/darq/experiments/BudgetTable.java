package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.search.Allocation;
import dev.darq.search.Budget;
import dev.darq.search.BudgetOutcome;
import dev.darq.search.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each cost of a search: what the mixtures and what the scheme have, beside the budget. */
final class BudgetTable {
    private BudgetTable() {}

    static Table of(Allocation allocation, Network searched, List<Budget> budgets) {
        Table table = new Table().text("cost").text("unit").number("float32").number("target").number("searched (soft)")
                .number("scheme").number("of float32").number("of target").text("met");
        for (Budget budget : budgets) {
            double reference = allocation.reference(budget.model());
            double cost = allocation.cost(budget.model());
            Double target = budget.target();
            table.row(Cell.of(budget.model().label()), Cell.of(budget.model().unit()), number(reference),
                    target == null ? Cell.NONE : number(target * reference),
                    number(searched.expectedCost(budget.model())), number(cost), Cell.percent(cost / reference, 2),
                    target == null ? Cell.NONE : Cell.percent(cost / reference / target, 2),
                    Cell.of(met(allocation, budget)));
        }
        return table;
    }

    private static String met(Allocation allocation, Budget budget) {
        BudgetOutcome outcome = outcome(allocation, budget);
        return outcome == null ? "" : outcome.isMet() ? "yes" : "no";
    }

    private static @Nullable BudgetOutcome outcome(Allocation allocation, Budget budget) {
        return allocation.outcomes().stream().filter(outcome -> outcome.budget().equals(budget)).findFirst()
                .orElse(null);
    }

    private static Cell number(double value) {
        return value >= 10_000 ? Cell.count(Math.round(value)) : Cell.number(value, 2);
    }
}
