package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The multiple-choice knapsack that a discretisation solves: variables, each with candidates of some score, and layers, each
 * with a variable for its weights and one for its activations, and costs of each pair of candidates. Tied layers share
 * variables.
 */
final class SchemeProblem {
    private final List<Variable> variables = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();
    private final List<Budget> budgets;
    private final double[] overhead;

    /** A choice to be made. */
    record Variable(String name, double[] scores) {}

    /**
     * A layer.
     *
     * @param weights     index of the variable of its weights
     * @param activations index of the variable of its activations
     * @param costs       {@code [weight candidate][activation candidate][budget]}, fractions of the float32 network's cost
     */
    record Layer(int weights, int activations, double[][][] costs) {}

    /**
     * The problem of a network, every score 0.
     *
     * @param shapes  the layers
     * @param spaces  what each may choose from
     * @param budgets what must not be exceeded; those without a target are left out
     */
    SchemeProblem(List<LayerShape> shapes, List<LayerSpace> spaces, List<Budget> budgets) {
        this.budgets = budgets.stream().filter(budget -> budget.target() != null).toList();
        double[] references = new double[this.budgets.size()];
        overhead = new double[references.length];
        for (int k = 0; k < references.length; k++) {
            CostModel model = this.budgets.get(k).model();
            references[k] = reference(model, shapes);
            overhead[k] = model.overhead() / references[k];
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        Map<String, Integer> activations = new LinkedHashMap<>();
        for (int l = 0; l < shapes.size(); l++) {
            LayerSpace space = spaces.get(l);
            layers.add(new Layer(variable(weights, space.weightsTie(), space.space().weights()),
                    variable(activations, space.activationsTie(), space.space().activations()),
                    costs(shapes.get(l), space.space(), references)));
        }
    }

    /** Cost of a whole network in float32. */
    static double reference(CostModel model, List<LayerShape> shapes) {
        return model.overhead() + shapes.stream().mapToDouble(model::reference).sum();
    }

    private int variable(Map<String, Integer> known, String tie, List<Candidate> candidates) {
        return known.computeIfAbsent(tie, name -> {
            variables.add(new Variable(name, new double[candidates.size()]));
            return variables.size() - 1;
        });
    }

    private double[][][] costs(LayerShape shape, SearchSpace space, double[] references) {
        double[][][] costs = new double[space.weights().size()][space.activations().size()][references.length];
        for (int i = 0; i < costs.length; i++) {
            for (int j = 0; j < costs[i].length; j++) {
                for (int k = 0; k < references.length; k++) {
                    costs[i][j][k] = budgets.get(k).model().cost(shape, space.weights().get(i),
                            space.activations().get(j)) / references[k];
                }
            }
        }
        return costs;
    }

    List<Variable> variables() {
        return variables;
    }

    List<Layer> layers() {
        return layers;
    }

    /** The budgets that have a target. */
    List<Budget> budgets() {
        return budgets;
    }

    /** What the network costs beside its layers, for each budget. */
    double[] overhead() {
        return overhead;
    }

    /** Costs of a scheme. */
    double[] costs(int[] choice) {
        double[] total = overhead.clone();
        for (Layer layer : layers) {
            add(total, layer.costs[choice[layer.weights]][choice[layer.activations]]);
        }
        return total;
    }

    /** The sum of the scores of a scheme. */
    double score(int[] choice) {
        double score = 0;
        for (int v = 0; v < choice.length; v++) {
            score += variables.get(v).scores()[choice[v]];
        }
        return score;
    }

    /** The best candidate of each variable by itself, the first of equals. */
    int[] argmax() {
        return variables.stream().mapToInt(variable -> {
            int best = 0;
            for (int j = 1; j < variable.scores.length; j++) {
                best = variable.scores[j] > variable.scores[best] ? j : best;
            }
            return best;
        }).toArray();
    }

    /** Whether every budget allows a scheme of these costs, and what is still to come. */
    boolean allows(double[] costs, double[] toCome) {
        for (int k = 0; k < costs.length; k++) {
            if (!budgets.get(k).allows(costs[k] + toCome[k])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Number of budgets that a scheme of these costs, which all of them allow, is on. Where no scheme is on a budget, the
     * nearest cost under it takes its place.
     *
     * @param nearest the highest cost under each budget that a scheme within all of them has
     */
    int met(double[] costs, double[] nearest) {
        int met = 0;
        for (int k = 0; k < costs.length; k++) {
            Budget budget = budgets.get(k);
            met += budget.isMetBy(costs[k])
                    || !budget.isMetBy(nearest[k]) && budget.isWithinSlack(costs[k], nearest[k]) ? 1 : 0;
        }
        return met;
    }

    static void add(double[] total, double[] more) {
        for (int k = 0; k < total.length; k++) {
            total[k] += more[k];
        }
    }

    static double[] infinite(int length) {
        double[] values = new double[length];
        Arrays.fill(values, Double.POSITIVE_INFINITY);
        return values;
    }
}
