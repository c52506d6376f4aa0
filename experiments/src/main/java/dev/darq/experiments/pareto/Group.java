package dev.darq.experiments.pareto;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * The points of one method at one budget, or of one scheme, over all seeds.
 *
 * @param key    what they have in common
 * @param points at least one
 */
record Group(Point.Key key, List<Point> points) {
    Group {
        points = List.copyOf(points);
    }

    /** All points, grouped in the order in which each group first comes. */
    static List<Group> of(List<Point> points) {
        SequencedMap<Point.Key, List<Point>> byKey = points.stream()
                .collect(Collectors.groupingBy(Point::key, LinkedHashMap::new, Collectors.toList()));
        List<Group> groups = new ArrayList<>();
        byKey.forEach((key, members) -> groups.add(new Group(key, members)));
        return groups;
    }

    /** Means over the points of each seed. */
    Map<Long, Double> bySeed(ToDoubleFunction<Point> figure) {
        return points.stream()
                .collect(Collectors.groupingBy(Point::seed, TreeMap::new, Collectors.averagingDouble(figure)));
    }

    /** Mean over the seeds of the mean over the points of a seed. */
    double mean(ToDoubleFunction<Point> figure) {
        return bySeed(figure).values().stream().mapToDouble(value -> value).average().orElseThrow();
    }

    double accuracy() {
        return mean(Point::accuracy);
    }

    double cost() {
        return mean(Point::cost);
    }

    int seeds() {
        return bySeed(Point::accuracy).size();
    }

    /** Standard deviation over the seeds of the accuracy; not a number for a single seed. */
    double deviationOverSeeds() {
        return deviation(bySeed(Point::accuracy).values());
    }

    /** Standard deviation of the accuracy over the schemes of a seed, averaged over seeds; not a number for one each. */
    double deviationOverSchemes() {
        Map<Long, List<Double>> accuracies = points.stream().collect(
                Collectors.groupingBy(Point::seed, TreeMap::new,
                        Collectors.mapping(Point::accuracy, Collectors.toList())));
        return accuracies.values().stream().mapToDouble(Group::deviation).average().orElseThrow();
    }

    private static double deviation(Iterable<Double> values) {
        DescriptiveStatistics statistics = new DescriptiveStatistics();
        values.forEach(statistics::addValue);
        return statistics.getN() > 1 ? statistics.getStandardDeviation() : Double.NaN;
    }

    double lowest() {
        return points.stream().mapToDouble(Point::accuracy).min().orElseThrow();
    }

    /** Those that no other has a higher accuracy for at most as much, by rising cost. */
    static List<Group> front(List<Group> groups, ToDoubleFunction<Group> cost) {
        List<Group> sorted = new ArrayList<>(groups);
        sorted.sort(Comparator.comparingDouble(cost).thenComparing(group -> -group.accuracy()));
        List<Group> front = new ArrayList<>();
        for (Group group : sorted) {
            if (front.isEmpty() || group.accuracy() > front.getLast().accuracy()) {
                front.add(group);
            }
        }
        return front;
    }
}
