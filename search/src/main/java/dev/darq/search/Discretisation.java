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

    /** How much a layer with a pair of candidates adds to what is to be as high as possible. */
    @FunctionalInterface
    interface Scores {
        /** The candidates are given by their places in the layer's search space. */
        double of(int layer, int weightChoice, int activationChoice);
    }

    /** A choice for the layers so far. */
    private record Partial(double[] costs, double score, List<Integer> weights, List<Integer> activations) {
        boolean beats(Partial other) {
            if (score < other.score) {
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
     * Makes the choice of highest joint probability.
     *
     * @throws IllegalStateException when no scheme of the space is within the budgets
     */
    Allocation choose() {
        Partial best = best(logProbabilities());
        List<Allocation.Layer> layers = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            layers.add(row(network.layers().get(l), best.weights.get(l), best.activations.get(l)));
        }
        return new Allocation(layers);
    }

    /**
     * The scheme of the highest sum of scores.
     *
     * @throws IllegalStateException when no scheme of the space is within the budgets
     */
    MixedPrecision choose(Scores scores) {
        Partial best = best(scores);
        List<LayerCandidates> layers = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            MixedLinear layer = network.layers().get(l);
            layers.add(new LayerCandidates(layer.weights().candidates().get(best.weights.get(l)).candidate(),
                    layer.activations().candidates().get(best.activations.get(l)).candidate()));
        }
        return new MixedPrecision(layers);
    }

    private Partial best(Scores scores) {
        List<Partial> front = List.of(new Partial(new double[costs.size()], 0, List.of(), List.of()));
        for (int l = 0; l < network.layers().size(); l++) {
            front = unbeaten(extend(front, l, scores, cheapestAfter(l)));
        }
        return front.stream().max(Comparator.comparingDouble(Partial::score))
                .orElseThrow(() -> new IllegalStateException("no scheme of the search space is within the budgets"));
    }

    private static Allocation.Layer row(MixedLinear layer, int weight, int activation) {
        return new Allocation.Layer(layer.name(), layer.inputs(), layer.outputs(),
                layer.weights().candidates().get(weight).candidate(),
                layer.weights().candidates().get(weight).variant(), layer.weights().probabilities()[weight],
                layer.activations().candidates().get(activation).candidate(),
                layer.activations().candidates().get(activation).variant(),
                layer.activations().probabilities()[activation]);
    }

    private List<Partial> extend(List<Partial> front, int l, Scores scores, double[] reserve) {
        MixedLinear layer = network.layers().get(l);
        List<Partial> extended = new ArrayList<>();
        for (Partial partial : front) {
            for (int i = 0; i < layer.weights().candidates().size(); i++) {
                for (int j = 0; j < layer.activations().candidates().size(); j++) {
                    double[] total = partial.costs.clone();
                    boolean feasible = true;
                    for (int k = 0; k < total.length; k++) {
                        total[k] += costs.get(k).pair(layer, i, j);
                        feasible &= total[k] + reserve[k] <= targets.get(k) * (1 + 1e-9);
                    }
                    if (feasible) {
                        extended.add(
                                new Partial(total, partial.score + scores.of(l, i, j), append(partial.weights, i),
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
        sorted.sort(Comparator.comparingDouble(Partial::score).reversed());
        List<Partial> kept = new ArrayList<>();
        for (Partial partial : sorted) {
            if (kept.stream().noneMatch(better -> better.beats(partial))) {
                kept.add(partial);
            }
        }
        return kept;
    }

    /** alpha itself is the log-probability at temperature 1, up to a constant a tensor: no underflow at low ones. */
    private Scores logProbabilities() {
        return (l, i, j) -> network.layers().get(l).weights().alpha().value()[i]
                + (double) network.layers().get(l).activations().alpha().value()[j];
    }

    private static List<Integer> append(List<Integer> list, int value) {
        List<Integer> longer = new ArrayList<>(list);
        longer.add(value);
        return longer;
    }
}
