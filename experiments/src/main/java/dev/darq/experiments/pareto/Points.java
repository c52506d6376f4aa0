package dev.darq.experiments.pareto;

import dev.darq.experiments.config.ParetoConfig;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Json;
import dev.darq.experiments.report.Table;
import dev.darq.search.CostModel;
import dev.darq.search.MixedPrecision;
import dev.darq.search.NetworkSpec;
import dev.darq.search.WeightBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was trained.
 *
 * @param points in the order of the seeds
 * @param notes  what a reader must know
 */
record Points(List<Point> points, List<String> notes) {
    Points {
        points = List.copyOf(points);
        notes = List.copyOf(notes);
    }

    /** Reads a finished run folder. */
    static Points read(List<ParetoConfig> configs, ParetoFolder folder) throws IOException {
        List<Point> points = new ArrayList<>();
        Set<String> notes = new LinkedHashSet<>();
        for (ParetoConfig config : configs) {
            Seed seed = new Seed(config, folder);
            Plan plan = Json.read(folder.plan(seed.number), Plan.class);
            for (Plan.Entry entry : plan.entries()) {
                points.add(seed.point(entry.method(), 0, entry.budget(), seed.trained(entry.scheme())));
            }
            for (int space = 0; space <= config.pareto().subspaces().size(); space++) {
                for (double budget : config.pareto().budgets()) {
                    TrainedScheme searched = Json.read(folder.searched(seed.number, space, budget),
                            TrainedScheme.class);
                    points.add(seed.point(Method.SEARCHED, space, budget, searched));
                    if (space == 0) {
                        points.add(seed.point(Method.RETRAINED, 0, budget, seed.trained(searched.scheme())));
                    }
                }
            }
            plan.notes().forEach(note -> notes.add("Seed " + seed.number + ": " + note + "."));
        }
        return new Points(points, List.copyOf(notes));
    }

    private record Seed(ParetoConfig config, ParetoFolder folder, long number) {
        Seed(ParetoConfig config, ParetoFolder folder) {
            this(config, folder, config.experiment().seed());
        }

        TrainedScheme trained(String scheme) throws IOException {
            return Json.read(folder.trained(number, MixedPrecision.parse(scheme)), TrainedScheme.class);
        }

        Point point(Method method, int subspace, @Nullable Double budget, TrainedScheme trained) {
            MixedPrecision scheme = MixedPrecision.parse(trained.scheme());
            NetworkSpec network = config.experiment().network();
            return new Point(number, method, subspace, budget, scheme, trained.accuracy(), trained.loss(),
                    scheme.fraction(config.pareto().model(), network), scheme.cost(CostModel.BIT_OPERATIONS, network),
                    scheme.cost(new WeightBytes(config.experiment().quantizers()), network), trained.gap());
        }
    }

    /** One row a point. */
    Table table() {
        Table table = new Table().number("seed").text("method").number("budget").text("scheme").number("accuracy")
                .number("loss").number("bit operations").number("bytes").number("cost").number("gap");
        for (Point point : points) {
            table.row(new Cell(Long.toString(point.seed()), point.seed()),
                    Cell.of(point.method().label()
                            + (point.subspace() > 0 ? " (subspace " + point.subspace() + ")" : "")),
                    percent(point.budget(), 3), Cell.of(point.scheme().toString()), Cell.percent(point.accuracy(), 2),
                    Cell.number(point.loss(), 4), Cell.count(Math.round(point.bitOperations())),
                    Cell.count(Math.round(point.bytes())), Cell.number(point.cost(), 6), percent(point.gap(), 2));
        }
        return table;
    }

    /**
     * One row for each method and budget or scheme, by rising cost: means over seeds, and what lies on the Pareto front.
     *
     * @param withEveryScheme whether exhaustively trained schemes off the front have a row too
     */
    Table summary(boolean withEveryScheme) {
        List<Group> groups = Group.of(points);
        List<Group> front = Group.front(groups, Group::cost);
        Table table = new Table().text("method").number("budget").number("accuracy")
                .number("+- seeds", "deviation over seeds").number("+- schemes", "deviation over schemes")
                .number("lowest").number("n").number("bit operations").number("bytes").number("of float32", "cost")
                .text("front").text("scheme");
        groups.stream().filter(
                group -> withEveryScheme || group.key().method() != Method.EXHAUSTIVE || front.contains(group))
                .sorted(Comparator.comparingDouble(Group::cost))
                .forEach(group -> table.row(Cell.of(group.key().label()), percent(group.key().budget(), 3),
                        Cell.percent(group.accuracy(), 2), deviation(group.deviationOverSeeds()),
                        deviation(group.deviationOverSchemes()), Cell.percent(group.lowest(), 2),
                        Cell.count(group.points().size()),
                        Cell.count(Math.round(group.mean(Point::bitOperations))),
                        Cell.count(Math.round(group.mean(Point::bytes))), Cell.percent(group.cost(), 3),
                        Cell.of(front.contains(group) ? "*" : ""), Cell.of(schemes(group))));
        return table;
    }

    private static String schemes(Group group) {
        Set<MixedPrecision> schemes = new LinkedHashSet<>();
        group.points().forEach(point -> schemes.add(point.scheme()));
        return schemes.size() == 1 ? schemes.iterator().next().toString() : schemes.size() + " schemes";
    }

    private static Cell percent(@Nullable Double value, int digits) {
        return value == null ? Cell.NONE : Cell.percent(value, digits);
    }

    private static Cell deviation(double deviation) {
        return Double.isNaN(deviation) ? Cell.NONE : Cell.percent(deviation, 2);
    }
}
