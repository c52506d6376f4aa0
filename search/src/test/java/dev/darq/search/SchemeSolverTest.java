package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dynamic programme finds, against all schemes of small spaces. */
class SchemeSolverTest {
    private static final SearchSpace SPACE = new SearchSpace(candidates("lq1", "lsq3", "uniform8", "float32"),
            candidates("lq2", "pact4", "float16"));

    private static List<Candidate> candidates(String... names) {
        return Stream.of(names).map(Candidate::parse).toList();
    }

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    /** A network of 2 to 4 layers with random sizes, ties, pins, budgets and scores. */
    private static SchemeProblem random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 3 + seed % 3; i++) {
            sizes.add(3 + random.nextInt(40));
        }
        List<LayerShape> shapes = new MlpSpec(sizes, ActivationFunction.RELU).shapes();
        List<LayerRule> rules = new ArrayList<>();
        if (seed % 3 == 1) {
            rules.add(new LayerRule.Tie("linear[12]",
                    LayerRule.Tied.values()[random.nextInt(LayerRule.Tied.values().length)]));
        }
        if (seed % 4 == 1) {
            rules.add(new LayerRule.Tie("linear[23]", LayerRule.Tied.ACTIVATIONS));
            rules.add(new LayerRule.Pin("linear1", Candidate.parse("lq2"), null));
        }
        List<Budget> budgets = new ArrayList<>();
        List<CostModel> models = List.of(CostModel.BIT_OPERATIONS, new Energy(), CostModel.WEIGHT_BYTES);
        for (int k = 0; k < 1 + seed % 3; k++) {
            budgets.add(new Budget(models.get(k), 0.15 + 0.6 * random.nextDouble(), null)
                    .withSlack(seed % 5 == 0 ? 1 : random.nextBoolean() ? 0.02 : 0.001));
        }
        SchemeProblem problem = new SchemeProblem(shapes, new LayerRules(rules).spaces(shapes, SPACE), budgets);
        for (SchemeProblem.Variable variable : problem.variables()) {
            for (int j = 0; j < variable.scores().length; j++) {
                variable.scores()[j] = random.nextGaussian();
            }
        }
        return problem;
    }

    private static void eachScheme(SchemeProblem problem, int variable, int[] choice, Consumer<int[]> visit) {
        if (variable == choice.length) {
            visit.accept(choice);
            return;
        }
        for (int j = 0; j < problem.variables().get(variable).scores().length; j++) {
            choice[variable] = j;
            eachScheme(problem, variable + 1, choice, visit);
        }
    }

    private static double score(SchemeProblem problem, int[] choice) {
        return IntStream.range(0, choice.length)
                .mapToDouble(v -> problem.variables().get(v).scores()[choice[v]]).sum();
    }

    private static final class Best {
        private int met = -1;
        private double score;
        private double[] nearest = new double[0];
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theSchemeIsTheBestOfAllThatMeetTheMostBudgetsAndExceedNone(int seed) {
        SchemeProblem problem = random(seed);
        Best best = new Best();
        best.nearest = new double[problem.budgets().size()];
        eachScheme(problem, 0, new int[problem.variables().size()], choice -> {
            double[] costs = problem.costs(choice);
            for (int k = 0; k < costs.length && problem.allows(costs, new double[costs.length]); k++) {
                best.nearest[k] = Math.max(best.nearest[k], costs[k]);
            }
        });
        eachScheme(problem, 0, new int[problem.variables().size()], choice -> {
            double[] costs = problem.costs(choice);
            if (problem.allows(costs, new double[costs.length])) {
                int met = 0;
                for (int k = 0; k < costs.length; k++) {
                    Budget budget = problem.budgets().get(k);
                    boolean near = costs[k] >= best.nearest[k] * (1 - budget.slack()) * (1 - 1e-9);
                    met += budget.isMetBy(best.nearest[k]) ? budget.isMetBy(costs[k]) ? 1 : 0 : near ? 1 : 0;
                }
                double score = score(problem, choice);
                if (met > best.met || met == best.met && score > best.score) {
                    best.met = met;
                    best.score = score;
                }
            }
        });
        SchemeSolver solver = new SchemeSolver(problem);
        if (best.met < 0) {
            assertThrows(IllegalStateException.class, solver::solve);
            return;
        }
        SchemeSolver.Solution solution = solver.solve();
        assertTrue(problem.allows(solution.costs(), new double[solution.costs().length]));
        assertEquals(best.met, problem.met(solution.costs(), solution.nearest()));
        assertEquals(best.score, score(problem, solution.choice()), 1e-9);
        assertArrayEquals(best.nearest, solution.nearest(), 1e-9);
    }

    @Test
    void aBudgetOfALargeNetworkIsMetWithinItsSlackWithoutTryingEveryScheme() {
        List<Integer> sizes = IntStream.range(0, 25).mapToObj(i -> 64 + 37 * i % 101).toList();
        List<LayerShape> shapes = new MlpSpec(sizes, ActivationFunction.GELU).shapes();
        Budget tight = new Budget(CostModel.BIT_OPERATIONS, 0.0731, null).withSlack(1e-4);
        SchemeProblem problem = new SchemeProblem(shapes, LayerRules.NONE.spaces(shapes, SPACE), List.of(tight));
        SplittableRandom random = new SplittableRandom(1);
        for (SchemeProblem.Variable variable : problem.variables()) {
            for (int j = 0; j < variable.scores().length; j++) {
                variable.scores()[j] = random.nextGaussian();
            }
        }
        double cost = new SchemeSolver(problem).solve().costs()[0];
        assertTrue(tight.isMetBy(cost), "cost " + cost);
    }

    /** More partial schemes than are kept: the one that is known to meet all budgets may be given up on the way. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4})
    void fourBudgetsThatSomeSchemeMeetsAreMetInASpaceTooLargeToCompareAllSchemes(long seed) {
        List<Candidate> candidates = candidates("lq1", "lq2", "lq3", "lsq+4", "uniform8", "float16", "float32");
        List<LayerShape> shapes = new MlpSpec(List.of(784, 128, 128, 128, 128, 10), ActivationFunction.TANH)
                .shapes();
        List<CostModel> models = List.of(CostModel.BIT_OPERATIONS, CostModel.WEIGHT_BYTES, new Energy(),
                new ActivationBytes());
        SplittableRandom random = new SplittableRandom(seed);
        double[] costs = new double[models.size()];
        for (LayerShape shape : shapes) {
            Candidate weights = candidates.get(random.nextInt(candidates.size()));
            Candidate activations = candidates.get(random.nextInt(candidates.size()));
            for (int k = 0; k < costs.length; k++) {
                costs[k] += models.get(k).cost(shape, weights, activations)
                        / SchemeProblem.reference(models.get(k), shapes);
            }
        }
        List<Budget> budgets = IntStream.range(0, costs.length)
                .mapToObj(k -> new Budget(models.get(k), 1.01 * costs[k], null)).toList();
        List<BudgetOutcome> outcomes = Discretisation.outlook(shapes,
                LayerRules.NONE.spaces(shapes, new SearchSpace(candidates, candidates)), budgets);
        outcomes.forEach(outcome -> assertTrue(outcome.isMet(), outcome.sentence()));
        assertFalse(outcomes.getFirst().exact());
    }

    @Test
    void aSpaceTooLargeToCompareAllSchemesIsNotSaidToHaveNoneOnABudget() {
        Budget budget = new Budget(CostModel.BIT_OPERATIONS, 0.01, null);
        assertEquals(
                "no scheme of this space was found within 2 % under the bit-operations target 1 %, the nearest has "
                        + "0.9 % (10.00 % under)",
                new BudgetOutcome(budget, 0.009, 0.009, false, false).shortfall());
        assertEquals(
                "a scheme within 2 % under the bit-operations target exists (0.99 %), but none was found that is on "
                        + "more budgets at once",
                new BudgetOutcome(budget, 0.009, 0.0099, true, false).shortfall());
    }

    @Test
    void whatCannotBeMetIsSaidWithTheCheapest() {
        List<LayerShape> shapes = new MlpSpec(List.of(7, 5, 3), ActivationFunction.RELU).shapes();
        List<LayerSpace> spaces = LayerRules.NONE.spaces(shapes, SPACE);
        String alone = String.valueOf(assertThrows(IllegalStateException.class, () -> Discretisation.outlook(shapes,
                spaces, List.of(new Budget(CostModel.BIT_OPERATIONS, 1e-3, null)))).getMessage());
        assertEquals(
                "no scheme of the search space meets the bit-operations target 0.1 %: the cheapest has 0.1953 % of "
                        + "float32",
                alone);
        BudgetOutcome outcome = Discretisation
                .outlook(shapes, spaces, List.of(new Budget(CostModel.BIT_OPERATIONS, 0.0025, null))).getFirst();
        assertTrue(
                outcome.sentence().contains(
                        "no scheme of this space is within 2 % under the bit-operations target 0.25 %, the nearest has "
                                + "0.1953 % (21.88 % under)"),
                outcome.sentence());
        assertTrue(outcome.cost() <= 0.0025);
    }
}
