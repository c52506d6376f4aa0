package dev.darq.search;

import dev.darq.quantizers.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * From probabilities to one candidate for every tensor.
 *
 * <p>
 * The score of a scheme is the sum over its choices of {@code log p - weight * increase}, where the increase of the
 * validation loss is 0 unless it is measured; tied layers make one choice. {@code argmax} takes the best candidate of each
 * choice. {@code exact} takes the best scheme that exceeds no budget and is on as many of them as any: a budget is met
 * within its slack under the target ({@link Budget#slack}), or {@link Allocation#outcomes} say that no scheme can be and the
 * nearest cost takes the target's place.
 */
public final class Discretisation {
    private final Network network;
    private final List<Budget> budgets;
    private final DiscretisationSettings settings;

    /** The discretisation of a searched network. */
    public Discretisation(Network network, List<Budget> budgets, DiscretisationSettings settings) {
        this.network = network;
        this.budgets = List.copyOf(budgets);
        this.settings = settings;
    }

    /**
     * Whether a space has schemes that meet the budgets, before anything is trained.
     *
     * @return for each budget with a target, where the scheme stands that meets the most
     * @throws IllegalStateException when every scheme exceeds some budget; the message says which
     */
    public static List<BudgetOutcome> outlook(List<LayerShape> shapes, List<LayerSpace> spaces, List<Budget> budgets) {
        SchemeProblem problem = new SchemeProblem(shapes, spaces, budgets);
        SchemeSolver.Solution solution = new SchemeSolver(problem).solve();
        return outcomes(problem, solution.costs(), solution);
    }

    /**
     * Makes the choice. The network's parameters stay as they are.
     *
     * @param adaptation how the network gets used to a candidate before an increase is measured
     * @param validation what increases of the loss are measured on
     * @throws IllegalStateException when every scheme exceeds some budget
     */
    public Allocation choose(Adaptation adaptation, Examples validation) {
        SchemeProblem problem = new SchemeProblem(network.shapes(), network.spaces(), budgets);
        score(problem, adaptation, validation);
        SchemeSolver.Solution solution = new SchemeSolver(problem).solve();
        int[] choice = settings.method() == DiscretisationSettings.Method.ARGMAX
                ? problem.argmax()
                : solution.choice();
        List<Allocation.Layer> rows = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            SchemeProblem.Layer layer = problem.layers().get(l);
            rows.add(row(network.shapes().get(l), network.layers().get(l), choice[layer.weights()],
                    choice[layer.activations()]));
        }
        return new Allocation(rows, outcomes(problem, problem.costs(choice), solution));
    }

    private static List<BudgetOutcome> outcomes(SchemeProblem problem, double[] costs,
            SchemeSolver.Solution solution) {
        List<BudgetOutcome> outcomes = new ArrayList<>();
        for (int k = 0; k < costs.length; k++) {
            outcomes.add(new BudgetOutcome(problem.budgets().get(k), costs[k], solution.nearest()[k],
                    costs.length > 1, solution.exact()));
        }
        return outcomes;
    }

    private void score(SchemeProblem problem, Adaptation adaptation, Examples validation) {
        List<Parameter> alphas = alphas(problem);
        List<double[]> increases = settings.perturbations()
                ? new Perturbations(network, adaptation, settings.steps(), validation).measure(alphas)
                : List.of();
        for (int v = 0; v < alphas.size(); v++) {
            double[] scores = problem.variables().get(v).scores();
            for (int j = 0; j < scores.length; j++) {
                // alpha itself is the log-probability at temperature 1, up to a constant: no underflow at low ones.
                scores[j] = alphas.get(v).value()[j];
                if (!increases.isEmpty()) {
                    scores[j] -= settings.weight() * increases.get(v)[j];
                }
            }
        }
    }

    /** The alphas of each variable. */
    private List<Parameter> alphas(SchemeProblem problem) {
        Parameter[] alphas = new Parameter[problem.variables().size()];
        for (int l = 0; l < network.layers().size(); l++) {
            SchemeProblem.Layer layer = problem.layers().get(l);
            alphas[layer.weights()] = network.layers().get(l).weights().alpha();
            alphas[layer.activations()] = network.layers().get(l).activations().alpha();
        }
        return List.of(alphas);
    }

    private static Allocation.Layer row(LayerShape shape, MixedLinear layer, int weight, int activation) {
        return new Allocation.Layer(shape, layer.weights().candidates().get(weight).candidate(),
                layer.weights().candidates().get(weight).variant(), layer.weights().probabilities()[weight],
                layer.activations().candidates().get(activation).candidate(),
                layer.activations().candidates().get(activation).variant(),
                layer.activations().probabilities()[activation]);
    }
}
