package dev.darq.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Layers that choose together, and those that they are tied to in turn. Once the shared variables have a value, the layers
 * no longer depend on each other.
 */
final class SchemeComponent {
    /** Values of shared variables that are tried; more would take longer than a search. */
    private static final long MOST_ASSIGNMENTS = 1_000_000;

    private final SchemeProblem problem;
    private final List<SchemeProblem.Layer> layers;
    private final int[] shared;

    private SchemeComponent(SchemeProblem problem, List<SchemeProblem.Layer> layers) {
        this.problem = problem;
        this.layers = layers;
        int[] uses = new int[problem.variables().size()];
        for (SchemeProblem.Layer layer : layers) {
            uses[layer.weights()]++;
            uses[layer.activations()]++;
        }
        List<Integer> used = new ArrayList<>();
        long assignments = 1;
        for (int v = 0; v < uses.length; v++) {
            if (uses[v] > 1) {
                used.add(v);
                assignments *= problem.variables().get(v).scores().length;
                if (assignments > MOST_ASSIGNMENTS) {
                    throw new IllegalArgumentException("too many ties depend on each other: more than "
                            + MOST_ASSIGNMENTS + " combinations of what they hold together");
                }
            }
        }
        shared = used.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The components of a problem, in the order of their first layers. */
    static List<SchemeComponent> of(SchemeProblem problem) {
        List<List<SchemeProblem.Layer>> groups = new ArrayList<>();
        for (SchemeProblem.Layer layer : problem.layers()) {
            List<SchemeProblem.Layer> joined = new ArrayList<>();
            int place = groups.size();
            for (int g = groups.size() - 1; g >= 0; g--) {
                if (groups.get(g).stream().anyMatch(other -> other.weights() == layer.weights()
                        || other.activations() == layer.activations())) {
                    joined.addAll(0, groups.remove(g));
                    place = g;
                }
            }
            joined.add(layer);
            groups.add(place, joined);
        }
        return groups.stream().map(layers -> new SchemeComponent(problem, layers)).toList();
    }

    /** The least cost under each budget by itself. */
    double[] cheapest() {
        double[] least = SchemeProblem.infinite(problem.budgets().size());
        eachAssignment(choice -> {
            double[] total = new double[least.length];
            for (SchemeProblem.Layer layer : layers) {
                double[] best = SchemeProblem.infinite(least.length);
                eachPair(layer, choice, (i, j) -> {
                    for (int k = 0; k < best.length; k++) {
                        best[k] = Math.min(best[k], layer.costs()[i][j][k]);
                    }
                });
                SchemeProblem.add(total, best);
            }
            for (int k = 0; k < least.length; k++) {
                least[k] = Math.min(least[k], total[k]);
            }
        });
        return least;
    }

    /** The schemes of these layers that are worth keeping. */
    SchemeFront schemes() {
        SchemeFront all = new SchemeFront(problem);
        eachAssignment(choice -> {
            PartialScheme start = PartialScheme.empty(problem.budgets().size());
            for (int variable : shared) {
                start = start.and(chosen(variable, choice[variable], new double[problem.budgets().size()]));
            }
            SchemeFront front = new SchemeFront(problem);
            front.add(start);
            for (SchemeProblem.Layer layer : layers) {
                front = front.with(pairs(layer, choice));
            }
            all.addAll(front);
        });
        return all;
    }

    private SchemeFront pairs(SchemeProblem.Layer layer, int[] choice) {
        SchemeFront pairs = new SchemeFront(problem);
        eachPair(layer, choice, (i, j) -> {
            PartialScheme pair = PartialScheme.empty(problem.budgets().size()).costing(layer.costs()[i][j]);
            if (choice[layer.weights()] < 0) {
                pair = pair.and(chosen(layer.weights(), i, new double[problem.budgets().size()]));
            }
            if (choice[layer.activations()] < 0) {
                pair = pair.and(chosen(layer.activations(), j, new double[problem.budgets().size()]));
            }
            pairs.add(pair);
        });
        return pairs;
    }

    private PartialScheme chosen(int variable, int candidate, double[] costs) {
        return PartialScheme.chosen(variable, candidate, problem.variables().get(variable).scores()[candidate], costs);
    }

    /** Visits all values of the shared variables; of the others the choice is -1. */
    private void eachAssignment(Consumer<int[]> visit) {
        int[] choice = new int[problem.variables().size()];
        Arrays.fill(choice, -1);
        assign(0, choice, visit);
    }

    private void assign(int place, int[] choice, Consumer<int[]> visit) {
        if (place == shared.length) {
            visit.accept(choice);
            return;
        }
        int variable = shared[place];
        for (int j = 0; j < problem.variables().get(variable).scores().length; j++) {
            choice[variable] = j;
            assign(place + 1, choice, visit);
        }
        choice[variable] = -1;
    }

    /** Takes a pair of candidates. */
    @FunctionalInterface
    private interface PairVisitor {
        void visit(int weights, int activations);
    }

    private static void eachPair(SchemeProblem.Layer layer, int[] choice, PairVisitor visit) {
        int w = choice[layer.weights()];
        int a = choice[layer.activations()];
        for (int i = w < 0 ? 0 : w; i < (w < 0 ? layer.costs().length : w + 1); i++) {
            for (int j = a < 0 ? 0 : a; j < (a < 0 ? layer.costs()[i].length : a + 1); j++) {
                visit.visit(i, j);
            }
        }
    }
}
