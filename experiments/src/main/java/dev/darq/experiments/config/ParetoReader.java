package dev.darq.experiments.config;

import dev.darq.quantizers.Candidate;
import dev.darq.search.Budget;
import dev.darq.search.Freezer;
import dev.darq.search.SchemeSpace;
import dev.darq.search.SearchSpace;
import dev.darq.search.Weighting;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** What the section {@code pareto} of an experiment may say. */
final class ParetoReader {
    private static final int MOST_RANDOM = 10_000;

    private ParetoReader() {}

    static ParetoConfig read(ConfigSource source) {
        ExperimentConfig experiment = ConfigReader.read(source);
        Value root = ConfigReader.root(source);
        if (!experiment.layers().rules().isEmpty()) {
            throw root.get("layers").error("must have no rules for 'darq pareto': its baselines give every layer the "
                    + "whole space");
        }
        checkSearch(root.get("search").get("cost"), experiment.search().costs());
        if (!Freezer.isPossible(experiment.network())) {
            throw root.get("network").get("type").error("must be mlp for 'darq pareto', which keeps networks as packed "
                    + "models");
        }
        Value section = root.get("pareto").required();
        ParetoSettings settings = settings(section,
                new CostReader(experiment.network().shapes(), experiment.layerSpaces(), experiment.quantizers()));
        for (int i = 0; i < settings.subspaces().size(); i++) {
            checkSubspace(section.get("subspaces"), i, settings.subspaces().get(i), experiment.space());
        }
        checkBudgets(section, experiment, settings);
        if (settings.exhaustive()) {
            try {
                new SchemeSpace(experiment.network(), experiment.space()).all(ParetoSettings.MOST_SCHEMES);
            } catch (IllegalArgumentException e) {
                throw section.get("exhaustive").error(String.valueOf(e.getMessage()));
            }
        }
        return new ParetoConfig(experiment, settings);
    }

    /** Of {@code search.cost} nothing is used: {@code pareto} has the model and the budgets. */
    private static void checkSearch(Value cost, List<Budget> costs) {
        if (costs.size() > 1) {
            throw cost.error("must be one cost for 'darq pareto', which searches at one budget of 'pareto' each, got "
                    + costs.size());
        }
        Budget budget = costs.getFirst();
        if (budget.weighting() != Weighting.DUAL_ASCENT || budget.slack() != Budget.DEFAULT_SLACK) {
            throw cost.error("must be a target alone for 'darq pareto', which searches at the budgets of 'pareto' by "
                    + "dual ascent");
        }
    }

    /** Reads the section by itself; what depends on the rest of the experiment is checked by {@link #read}. */
    static ParetoSettings settings(Value value, CostReader costs) {
        Value pareto = value.section("model", "table", "budgets", "uniform", "random", "window", "integer-program",
                "greedy",
                "exhaustive", "subspaces");
        return new ParetoSettings(costs.model(pareto), //
                budgets(pareto.get("budgets").required()), //
                pareto.get("uniform").or(true, Value::flag), //
                pareto.get("random").or(20, v -> v.whole(0, MOST_RANDOM)), //
                pareto.get("window").or(0.05, v -> v.positive(1)), //
                pareto.get("integer-program").or(true, Value::flag), //
                pareto.get("greedy").or(true, Value::flag), //
                pareto.get("exhaustive").or(false, Value::flag), //
                pareto.get("subspaces").or(List.of(), v -> v.list(SpaceReader::space)));
    }

    private static List<Double> budgets(Value value) {
        List<Double> budgets = value.list(budget -> budget.positive(1));
        if (budgets.isEmpty()) {
            throw value.error("must list at least one budget, a fraction of the float32 network's cost such as 0.01");
        }
        for (int i = 1; i < budgets.size(); i++) {
            if (budgets.get(i) <= budgets.get(i - 1)) {
                throw value.error("must rise, got " + budgets);
            }
        }
        return budgets;
    }

    private static void checkBudgets(Value section, ExperimentConfig experiment, ParetoSettings settings) {
        double smallest = settings.budgets().getFirst();
        check(section.get("budgets"), smallest,
                new SchemeSpace(experiment.network(), experiment.space()).cheapest(settings.model()),
                "the search space");
        for (int i = 0; i < settings.subspaces().size(); i++) {
            check(section.get("budgets"), smallest,
                    new SchemeSpace(experiment.network(), settings.subspaces().get(i)).cheapest(settings.model()),
                    "subspace " + (i + 1));
        }
    }

    private static void check(Value budgets, double budget, double cheapest, String space) {
        if (cheapest > budget) {
            throw budgets.error(String.format(Locale.ROOT,
                    "no scheme of %s meets %s: the cheapest has %.6f of float32", space,
                    BigDecimal.valueOf(budget).stripTrailingZeros().toPlainString(), cheapest));
        }
    }

    private static void checkSubspace(Value subspaces, int index, SearchSpace subspace, SearchSpace space) {
        for (Candidate candidate : subspace.weights()) {
            if (!space.weights().contains(candidate)) {
                throw subspaces.error("subspace " + (index + 1) + " has " + candidate
                        + " for the weights, which the search space has not");
            }
        }
        for (Candidate candidate : subspace.activations()) {
            if (!space.activations().contains(candidate)) {
                throw subspaces.error("subspace " + (index + 1) + " has " + candidate
                        + " for the activations, which the search space has not");
            }
        }
    }
}
