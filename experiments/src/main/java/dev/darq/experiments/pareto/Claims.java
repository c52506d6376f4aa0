package dev.darq.experiments.pareto;

import dev.darq.experiments.pareto.Verdict.Outcome;
import dev.darq.experiments.pareto.Verdict.Statement;
import dev.darq.experiments.report.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * The claims about a search, each evaluated at one budget on means over seeds. Differences are in points of a percent.
 * "Noise" is twice the standard error of the mean of the differences of the same seed.
 */
final class Claims {
    private static final double FRONT_TOLERANCE = 0.001;
    private static final double FRONT_SEEDS = 0.8;
    private static final double GAP_TOLERANCE = 0.005;
    private static final double ROUNDING = 1e-9;

    private final List<Point> points;
    private final List<Group> groups;

    Claims(List<Point> points) {
        this.points = List.copyOf(points);
        groups = Group.of(points);
    }

    private Optional<Group> group(Method method, int subspace, double budget) {
        return groups.stream().filter(group -> group.key().method() == method && group.key().subspace() == subspace
                && Objects.equals(group.key().budget(), budget)).findFirst();
    }

    private static String at(double budget) {
        return "budget " + Numbers.percent(budget, 3);
    }

    private static String points(double difference) {
        return (difference >= 0 ? "+" : "") + Numbers.fixed(100 * difference, 2);
    }

    /**
     * Of those schemes that cost at most as much as the searched one, trained exhaustively, in most seeds. Once for the
     * scheme alone, which is one of them, and once for the network that the search left.
     */
    List<Statement> nearTheFront(double budget) {
        Optional<Group> searched = group(Method.SEARCHED, 0, budget);
        if (searched.isEmpty() || points.stream().noneMatch(point -> point.method() == Method.EXHAUSTIVE)) {
            return List.of();
        }
        List<Double> gaps = new ArrayList<>();
        List<Double> schemeGaps = new ArrayList<>();
        for (Point point : searched.get().points()) {
            List<Point> enumerated = points.stream()
                    .filter(other -> other.method() == Method.EXHAUSTIVE && other.seed() == point.seed()).toList();
            double best = enumerated.stream().filter(other -> other.cost() <= point.cost() * (1 + ROUNDING))
                    .mapToDouble(Point::accuracy).max().orElseThrow();
            gaps.add(best - point.accuracy());
            enumerated.stream().filter(other -> other.scheme().equals(point.scheme()))
                    .forEach(same -> schemeGaps.add(best - same.accuracy()));
        }
        return Stream.of(nearTheFront("searched scheme, trained like all others, ", budget, schemeGaps),
                nearTheFront("searched network ", budget, gaps)).flatMap(List::stream).toList();
    }

    private static List<Statement> nearTheFront(String what, double budget, List<Double> gaps) {
        if (gaps.isEmpty()) {
            return List.of();
        }
        long near = gaps.stream().filter(gap -> gap <= FRONT_TOLERANCE + ROUNDING).count();
        return List.of(new Statement(what + "within 0.1 points of the true Pareto front in 4 of 5 seeds", at(budget),
                Outcome.of(near >= FRONT_SEEDS * gaps.size() - ROUNDING),
                near + " of " + gaps.size() + " seeds; points below the front: " + list(gaps)));
    }

    private static String list(List<Double> differences) {
        return differences.stream().map(Claims::points).collect(Collectors.joining(", "));
    }

    /** The uniform schemes of the same or higher cost. */
    List<Statement> aboveDearerUniform(double budget) {
        return aboveUniform(budget, true, "at or above every uniform scheme of the same or higher cost");
    }

    /** The uniform schemes of the same or lower cost. */
    List<Statement> aboveCheaperUniform(double budget) {
        return aboveUniform(budget, false, "at or above every uniform scheme of the same or lower cost");
    }

    private List<Statement> aboveUniform(double budget, boolean dearer, String claim) {
        Optional<Group> searched = group(Method.SEARCHED, 0, budget);
        List<Group> uniform = groups.stream().filter(group -> group.key().method() == Method.UNIFORM)
                .filter(group -> searched.isPresent() && (dearer
                        ? group.cost() >= searched.get().cost() * (1 - ROUNDING)
                        : group.cost() <= searched.get().cost() * (1 + ROUNDING)))
                .sorted(Comparator.comparingDouble(Group::accuracy).reversed()).toList();
        if (searched.isEmpty() || uniform.isEmpty()) {
            return List.of();
        }
        double accuracy = searched.get().accuracy();
        Group best = uniform.getFirst();
        long above = uniform.stream().filter(group -> group.accuracy() > accuracy + ROUNDING).count();
        return List.of(new Statement(claim, at(budget), Outcome.of(above == 0),
                above + " of " + uniform.size() + " are above " + Numbers.percent(accuracy, 2) + "; the best is "
                        + best.key().label() + " with " + Numbers.percent(best.accuracy(), 2) + " at "
                        + Numbers.percent(best.cost(), 3) + " of float32 (searched "
                        + points(accuracy - best.accuracy()) + " points at "
                        + Numbers.percent(searched.get().cost(), 3) + ")"));
    }

    /** By more than the standard deviation of the random schemes. */
    List<Statement> aboveRandom(double budget) {
        Optional<Group> searched = group(Method.SEARCHED, 0, budget);
        Optional<Group> random = group(Method.RANDOM, 0, budget);
        if (searched.isEmpty() || random.isEmpty()) {
            return List.of();
        }
        double difference = searched.get().accuracy() - random.get().accuracy();
        double deviation = random.get().deviationOverSchemes();
        return List.of(new Statement("above the mean of random schemes by more than their standard deviation",
                at(budget), Double.isNaN(deviation) ? Outcome.UNDECIDED : Outcome.of(difference > deviation),
                points(difference) + " points against a deviation of " + Numbers.fixed(100 * deviation, 2) + " ("
                        + random.get().points().size() + " schemes, mean "
                        + Numbers.percent(random.get().accuracy(), 2) + ")"));
    }

    /** On means over seeds, without an allowance for noise. */
    List<Statement> notBelowIntegerProgram(double budget) {
        return notBelow(budget, Method.INTEGER_PROGRAM, "not below the integer program");
    }

    /** On means over seeds, without an allowance for noise. */
    List<Statement> notBelowGreedy(double budget) {
        return notBelow(budget, Method.GREEDY, "not below the greedy descent");
    }

    private List<Statement> notBelow(double budget, Method method, String claim) {
        return difference(group(Method.SEARCHED, 0, budget), group(method, 0, budget))
                .map(difference -> List.of(new Statement(claim, at(budget),
                        Outcome.of(difference.mean >= -ROUNDING), difference.toString())))
                .orElse(List.of());
    }

    /** What the choice of one candidate for every tensor costs before fine-tuning, in the mean over seeds. */
    List<Statement> smallGap(double budget) {
        List<Double> gaps = group(Method.SEARCHED, 0, budget).stream().flatMap(group -> group.points().stream())
                .map(Point::gap).filter(Objects::nonNull).toList();
        if (gaps.isEmpty()) {
            return List.of();
        }
        double mean = gaps.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        return List.of(new Statement("mixtures less than 0.5 points above the settled scheme", at(budget),
                Outcome.of(mean < GAP_TOLERANCE),
                points(mean) + " points; each seed: " + list(gaps)));
    }

    /** A larger budget gives at least as much, within noise. */
    List<Statement> notWorseThanTheBudgetBelow(double smaller, double larger) {
        return withinNoise("accuracy does not fall as the budget rises", at(smaller) + " to "
                + Numbers.percent(larger, 3), group(Method.SEARCHED, 0, larger), group(Method.SEARCHED, 0, smaller));
    }

    /** More candidates give at least as much, within noise. */
    List<Statement> notWorseThanTheSmallerSpace(double budget, int small, int large) {
        return withinNoise("more candidates do not make a budget's result worse",
                at(budget) + ", " + space(small) + " to " + space(large), group(Method.SEARCHED, large, budget),
                group(Method.SEARCHED, small, budget));
    }

    private static String space(int number) {
        return number == 0 ? "the whole space" : "subspace " + number;
    }

    private static List<Statement> withinNoise(String claim, String where, Optional<Group> group,
            Optional<Group> other) {
        return difference(group, other).map(difference -> {
            Outcome outcome = Outcome.of(difference.mean >= -ROUNDING);
            if (outcome == Outcome.NOT_MET) {
                outcome = Double.isNaN(difference.noise)
                        ? Outcome.UNDECIDED
                        : Outcome.of(difference.mean >= -difference.noise);
            }
            return List.of(new Statement(claim, where, outcome, difference.toString()));
        }).orElse(List.of());
    }

    /** Mean over the seeds that both have, and twice its standard error; the latter is not a number for one seed. */
    private record Difference(double mean, double noise, int seeds) {
        @Override
        public String toString() {
            return points(mean) + " points" + (Double.isNaN(noise)
                    ? " (a single seed, noise unknown)"
                    : ", noise " + Numbers.fixed(100 * noise, 2) + " (" + seeds + " seeds)");
        }
    }

    private static Optional<Difference> difference(Optional<Group> group, Optional<Group> other) {
        if (group.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        Map<Long, Double> right = other.get().bySeed(Point::accuracy);
        DescriptiveStatistics statistics = new DescriptiveStatistics();
        group.get().bySeed(Point::accuracy).forEach((seed, accuracy) -> {
            Double opposite = right.get(seed);
            if (opposite != null) {
                statistics.addValue(accuracy - opposite);
            }
        });
        double noise = statistics.getN() > 1
                ? 2 * statistics.getStandardDeviation() / Math.sqrt(statistics.getN())
                : Double.NaN;
        return Optional.of(new Difference(statistics.getMean(), noise, (int) statistics.getN()));
    }
}
