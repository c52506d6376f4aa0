package dev.darq.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * From probabilities to one candidate for every tensor: the scheme of highest joint probability that exceeds no budget.
 * Without a binding budget that is the argmax of every tensor. With one it is a multiple-choice knapsack, solved exactly
 * by keeping, layer after layer, the partial schemes that no other one beats in probability and in every cost.
 */
final class Discretisation {
    private final Mlp network;
    private final List<NetworkCost> costs = new ArrayList<>();
    private final List<Double> targets = new ArrayList<>();

    Discretisation(Mlp network, List<Budget> budgets) {
        this.network = network;
        for (Budget budget : budgets) {
            Double target = budget.target();
            if (target != null) {
                costs.add(new NetworkCost(budget.model(), network));
                targets.add(target);
            }
        }
    }

    /** A choice for the layers so far. */
    private record Partial(double[] costs, double logProbability, List<Integer> weights, List<Integer> activations) {
        boolean beats(Partial other) {
            if (logProbability < other.logProbability) {
                return false;
            }
            for (int k = 0; k < costs.length; k++) {
                if (costs[k] > other.costs[k]) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Makes the choice.
     *
     * @throws IllegalStateException when no scheme of the space is within the budgets
     */
    Allocation choose() {
        List<Partial> front = List.of(new Partial(new double[costs.size()], 0, List.of(), List.of()));
        for (int l = 0; l < network.layers().size(); l++) {
            front = unbeaten(extend(front, network.layers().get(l), cheapestAfter(l)));
        }
        Partial best = front.stream().max(Comparator.comparingDouble(Partial::logProbability))
                .orElseThrow(() -> new IllegalStateException("no scheme of the search space is within the budgets"));
        List<Allocation.Layer> layers = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            layers.add(row(network.layers().get(l), best.weights.get(l), best.activations.get(l)));
        }
        return new Allocation(layers);
    }

    private static Allocation.Layer row(MixedLinear layer, int weight, int activation) {
        return new Allocation.Layer(layer.name(), layer.inputs(), layer.outputs(),
                layer.weights().candidates().get(weight).candidate(),
                layer.weights().candidates().get(weight).variant(), layer.weights().probabilities()[weight],
                layer.activations().candidates().get(activation).candidate(),
                layer.activations().candidates().get(activation).variant(),
                layer.activations().probabilities()[activation]);
    }

    private List<Partial> extend(List<Partial> front, MixedLinear layer, double[] reserve) {
        double[] pw = logProbabilities(layer.weights());
        double[] pa = logProbabilities(layer.activations());
        List<Partial> extended = new ArrayList<>();
        for (Partial partial : front) {
            for (int i = 0; i < pw.length; i++) {
                for (int j = 0; j < pa.length; j++) {
                    double[] total = partial.costs.clone();
                    boolean feasible = true;
                    for (int k = 0; k < total.length; k++) {
                        total[k] += costs.get(k).pair(layer, i, j);
                        feasible &= total[k] + reserve[k] <= targets.get(k) * (1 + 1e-9);
                    }
                    if (feasible) {
                        extended.add(
                                new Partial(total, partial.logProbability + pw[i] + pa[j], append(partial.weights, i),
                                        append(partial.activations, j)));
                    }
                }
            }
        }
        return extended;
    }

    /** Least cost of the layers after this one, for every budget by itself. */
    private double[] cheapestAfter(int layer) {
        double[] least = new double[costs.size()];
        for (int k = 0; k < least.length; k++) {
            for (MixedLinear later : network.layers().subList(layer + 1, network.layers().size())) {
                least[k] += cheapest(costs.get(k), later);
            }
        }
        return least;
    }

    private static double cheapest(NetworkCost cost, MixedLinear layer) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < layer.weights().candidates().size(); i++) {
            for (int j = 0; j < layer.activations().candidates().size(); j++) {
                least = Math.min(least, cost.pair(layer, i, j));
            }
        }
        return least;
    }

    private static List<Partial> unbeaten(List<Partial> partials) {
        List<Partial> sorted = new ArrayList<>(partials);
        sorted.sort(Comparator.comparingDouble(Partial::logProbability).reversed());
        List<Partial> kept = new ArrayList<>();
        for (Partial partial : sorted) {
            if (kept.stream().noneMatch(better -> better.beats(partial))) {
                kept.add(partial);
            }
        }
        return kept;
    }

    private static double[] logProbabilities(MixedTensor tensor) {
        double[] logs = new double[tensor.candidates().size()];
        float[] alpha = tensor.alpha().value();
        // alpha itself is the log-probability at temperature 1, up to a constant a tensor: no underflow at low ones.
        for (int j = 0; j < logs.length; j++) {
            logs[j] = alpha[j];
        }
        return logs;
    }

    private static List<Integer> append(List<Integer> list, int value) {
        List<Integer> longer = new ArrayList<>(list);
        longer.add(value);
        return longer;
    }
}
