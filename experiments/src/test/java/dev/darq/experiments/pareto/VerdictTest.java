package dev.darq.experiments.pareto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.pareto.Verdict.Outcome;
import dev.darq.experiments.pareto.Verdict.Statement;
import dev.darq.quantizers.Candidate;
import dev.darq.search.MixedPrecision;
import dev.darq.search.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Claims on points made by hand. */
class VerdictTest {
    private static final SearchSpace SPACE = new SearchSpace(
            List.of(Candidate.parse("lq1"), Candidate.parse("lq2"), Candidate.parse("uniform8")),
            List.of(Candidate.parse("lq1")));
    private static final SearchSpace SMALLER = new SearchSpace(List.of(Candidate.parse("lq1")),
            List.of(Candidate.parse("lq1")));

    private final List<Point> points = new ArrayList<>();

    private void add(Method method, int subspace, @Nullable Double budget, String scheme, double cost,
            double... accuracyOfEachSeed) {
        for (int seed = 1; seed <= accuracyOfEachSeed.length; seed++) {
            points.add(new Point(seed, method, subspace, budget, MixedPrecision.parse(scheme),
                    accuracyOfEachSeed[seed - 1], 1, cost, 1e6 * cost, 1e3 * cost, null));
        }
    }

    private void addSearched(double budget, double cost, double... accuracies) {
        add(Method.SEARCHED, 0, budget, "lq2/lq1,lq1/lq1", cost, accuracies);
    }

    private Statement only(String claim, Double... budgets) {
        List<Statement> found = all(claim, budgets);
        assertEquals(1, found.size(), claim);
        return found.getFirst();
    }

    private List<Statement> all(String claim, Double... budgets) {
        return Verdict.of(points, List.of(budgets), List.of(SPACE, SMALLER)).statements().stream()
                .filter(statement -> statement.claim().contains(claim)).toList();
    }

    @Test
    void fourOfFiveSeedsMustBeWithinATenthOfAPointOfTheBestThatCostsNoMore() {
        addSearched(0.01, 0.009, 0.950, 0.950, 0.950, 0.950, 0.950);
        add(Method.EXHAUSTIVE, 0, null, "lq1/lq1,lq1/lq1", 0.005, 0.951, 0.951, 0.951, 0.951, 0.951);
        add(Method.EXHAUSTIVE, 0, null, "lq2/lq1,lq1/lq1", 0.009, 0.940, 0.940, 0.940, 0.940, 0.952);
        add(Method.EXHAUSTIVE, 0, null, "uniform8/lq1,lq1/lq1", 0.0095, 0.99, 0.99, 0.99, 0.99, 0.99);
        Statement near = only("searched network within 0.1 points of the true Pareto front", 0.01);
        assertEquals(Outcome.MET, near.outcome());
        assertEquals("4 of 5 seeds; points below the front: +0.10, +0.10, +0.10, +0.10, +0.20", near.figures());
        Statement scheme = only("like all others, within 0.1 points of the true Pareto front", 0.01);
        assertEquals(Outcome.NOT_MET, scheme.outcome());
        assertEquals("1 of 5 seeds; points below the front: +1.10, +1.10, +1.10, +1.10, +0.00", scheme.figures());
        points.add(new Point(4, Method.EXHAUSTIVE, 0, null, MixedPrecision.parse("lq1/lq1,lq2/lq1"), 0.9511, 1, 0.004,
                1, 1, null));
        assertEquals(Outcome.NOT_MET, only("searched network within 0.1", 0.01).outcome());
    }

    @Test
    void theMixturesMustBeLessThanHalfAPointAboveTheSchemeInTheMean() {
        addSearched(0.01, 0.009, 0.95);
        assertEquals(List.of(), all("above the settled scheme", 0.01));
        for (double gap : new double[] {0.009, -0.001}) {
            points.add(new Point(2, Method.SEARCHED, 0, 0.01, MixedPrecision.parse("lq1/lq1,lq2/lq1"), 0.95, 1, 0.009,
                    1, 1, gap));
        }
        Statement small = only("above the settled scheme", 0.01);
        assertEquals(Outcome.MET, small.outcome());
        assertEquals("+0.40 points; each seed: +0.90, -0.10", small.figures());
        points.add(new Point(3, Method.SEARCHED, 0, 0.01, MixedPrecision.parse("lq1/lq1,lq2/lq1"), 0.95, 1, 0.009, 1, 1,
                0.007));
        assertEquals(Outcome.NOT_MET, only("above the settled scheme", 0.01).outcome());
    }

    @Test
    void uniformSchemesAreTakenBySideOfTheCost() {
        addSearched(0.01, 0.009, 0.95, 0.97);
        add(Method.UNIFORM, 0, null, "lq1/lq1,lq1/lq1", 0.009, 0.95, 0.95);
        add(Method.UNIFORM, 0, null, "lq2/lq1,lq2/lq1", 0.020, 0.97, 0.95);
        assertEquals(Outcome.MET, only("same or higher", 0.01).outcome());
        assertEquals(Outcome.MET, only("same or lower", 0.01).outcome());
        add(Method.UNIFORM, 0, null, "uniform8/lq1,uniform8/lq1", 0.080, 0.97, 0.97);
        Statement above = only("same or higher", 0.01);
        assertEquals(Outcome.NOT_MET, above.outcome());
        assertTrue(above.figures().startsWith("1 of 3 are above 96.00 %; the best is uniform uniform8/lq1 with 97.00 %"
                + " at 8.000 % of float32 (searched -1.00 points"), above.figures());
        assertEquals(Outcome.MET, only("same or lower", 0.01).outcome());
    }

    @Test
    void randomSchemesAreBeatenByMoreThanTheirDeviationWithinASeed() {
        addSearched(0.01, 0.009, 0.94, 0.96);
        add(Method.RANDOM, 0, 0.01, "lq1/lq1,lq1/lq1", 0.0099, 0.92, 0.93);
        add(Method.RANDOM, 0, 0.01, "lq2/lq1,lq1/lq1", 0.0098, 0.94, 0.95);
        // Means 93 and 94 %, so 1.5 points; deviation in each seed 1.41 points.
        Statement random = only("random", 0.01);
        assertEquals(Outcome.MET, random.outcome());
        assertTrue(random.figures().startsWith("+1.50 points against a deviation of 1.41 (4 schemes, mean 93.50 %)"),
                random.figures());
        points.removeIf(point -> point.method() == Method.SEARCHED);
        addSearched(0.01, 0.009, 0.94, 0.957);
        assertEquals(Outcome.NOT_MET, only("random", 0.01).outcome());
    }

    @Test
    void theIntegerProgramIsHeldAgainstWithoutAnAllowance() {
        addSearched(0.01, 0.009, 0.94, 0.96);
        add(Method.INTEGER_PROGRAM, 0, 0.01, "lq2/lq1,lq1/lq1", 0.0099, 0.96, 0.94);
        assertEquals(Outcome.MET, only("integer program", 0.01).outcome());
        points.removeIf(point -> point.method() == Method.INTEGER_PROGRAM);
        add(Method.INTEGER_PROGRAM, 0, 0.01, "lq2/lq1,lq1/lq1", 0.0099, 0.96, 0.9402);
        Statement below = only("integer program", 0.01);
        assertEquals(Outcome.NOT_MET, below.outcome());
        // Differences -2.00 and +1.98 points: mean -0.01, deviation 2.814, so noise 2 * 2.814 / sqrt(2).
        assertEquals("-0.01 points, noise 3.98 (2 seeds)", below.figures());
        assertEquals(0, all("greedy", 0.01).size(), "nothing is said where nothing was trained");
    }

    @Test
    void accuracyMayFallWithARisingBudgetByNoMoreThanNoise() {
        addSearched(0.01, 0.009, 0.950, 0.960);
        addSearched(0.02, 0.019, 0.949, 0.960);
        assertEquals(Outcome.MET, only("as the budget rises", 0.01, 0.02).outcome());
        addSearched(0.03, 0.029, 0.940, 0.951);
        List<Statement> rising = all("as the budget rises", 0.01, 0.02, 0.03);
        assertEquals(List.of(Outcome.MET, Outcome.NOT_MET), rising.stream().map(Statement::outcome).toList());
    }

    @Test
    void aSingleSeedDoesNotTellWhatIsNoise() {
        addSearched(0.01, 0.009, 0.950);
        addSearched(0.02, 0.019, 0.949);
        Statement falls = only("as the budget rises", 0.01, 0.02);
        assertEquals(Outcome.UNDECIDED, falls.outcome());
        assertEquals("-0.10 points (a single seed, noise unknown)", falls.figures());
    }

    @Test
    void theLargerSpaceIsHeldAgainstTheOneItContains() {
        addSearched(0.01, 0.009, 0.950, 0.951);
        add(Method.SEARCHED, 1, 0.01, "lq1/lq1,lq1/lq1", 0.008, 0.960, 0.961);
        Statement worse = only("more candidates", 0.01);
        assertEquals(Outcome.NOT_MET, worse.outcome());
        assertEquals("budget 1.000 %, subspace 1 to the whole space", worse.where());
    }

    @Test
    void theFrontKeepsWhatNothingCheaperReaches() {
        addSearched(0.01, 0.009, 0.950, 0.952);
        add(Method.UNIFORM, 0, null, "lq1/lq1,lq1/lq1", 0.005, 0.90, 0.91);
        add(Method.UNIFORM, 0, null, "lq2/lq1,lq2/lq1", 0.010, 0.951, 0.951);
        add(Method.UNIFORM, 0, null, "uniform8/lq1,uniform8/lq1", 0.040, 0.98, 0.98);
        List<Group> front = Group.front(Group.of(points), Group::cost);
        assertEquals(List.of("uniform lq1/lq1", "searched", "uniform uniform8/lq1"),
                front.stream().map(group -> group.key().label()).toList());
        assertEquals(0.951, front.get(1).accuracy(), 1e-12);
        assertEquals(Math.sqrt(2e-6), front.get(1).deviationOverSeeds(), 1e-12);
    }
}
