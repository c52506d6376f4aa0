package dev.darq.experiments.pareto;

import dev.darq.experiments.report.Plots;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Accuracy over a cost: a mark for the mean over seeds of each method and budget, bars for the spread, and the front. */
final class ParetoPlot {
    private final List<Group> groups;

    ParetoPlot(List<Group> groups) {
        // Every scheme there is makes the background.
        this.groups = groups.stream()
                .sorted(Comparator.comparing(group -> group.key().method() != Method.EXHAUSTIVE)).toList();
    }

    /**
     * Draws into a file.
     *
     * @param cost what the axis counts, positive
     * @return an empty string, or why there is no plot
     */
    String write(String axis, ToDoubleFunction<Point> cost, Path file) throws IOException {
        XYChart chart = new XYChartBuilder().width(1100).height(720).title("Accuracy over " + axis)
                .xAxisTitle(axis + " (logarithmic)").yAxisTitle("accuracy on the test set, %").build();
        chart.getStyler().setXAxisLogarithmic(true).setLegendPosition(LegendPosition.InsideSE);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarkerSize(8);
        SequencedMap<String, List<Group>> series = new LinkedHashMap<>();
        groups.forEach(group -> series.computeIfAbsent(name(group), _ -> new ArrayList<>()).add(group));
        for (Map.Entry<String, List<Group>> entry : series.entrySet()) {
            add(chart, entry.getKey(), entry.getValue(), cost);
        }
        addFront(chart, cost);
        return Plots.write(chart, file);
    }

    private static String name(Group group) {
        return group.key().method().label()
                + (group.key().subspace() > 0 ? " (subspace " + group.key().subspace() + ")" : "");
    }

    private static void add(XYChart chart, String name, List<Group> members, ToDoubleFunction<Point> cost) {
        double[] x = members.stream().mapToDouble(group -> group.mean(cost)).toArray();
        double[] y = members.stream().mapToDouble(group -> 100 * group.accuracy()).toArray();
        double[] spread = members.stream().mapToDouble(group -> 100 * spread(group)).toArray();
        XYSeries series = chart.addSeries(name, x, y, spread);
        if (name.equals(Method.EXHAUSTIVE.label())) {
            series.setMarkerColor(Color.LIGHT_GRAY);
        }
        if (name.equals(Method.SEARCHED.label())) {
            series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
            series.setMarkerColor(Color.RED).setMarker(SeriesMarkers.DIAMOND).setLineColor(Color.RED)
                    .setLineStyle(new BasicStroke(2));
        }
    }

    /** Of random schemes how far they lie apart, of all others how far the seeds do; nothing for a single one. */
    private static double spread(Group group) {
        double deviation = group.key().method() == Method.RANDOM
                ? group.deviationOverSchemes()
                : group.deviationOverSeeds();
        return Double.isNaN(deviation) ? 0 : deviation;
    }

    /** As stairs: what the best at most so much cost has reached. */
    private void addFront(XYChart chart, ToDoubleFunction<Point> cost) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (Group group : Group.front(groups, member -> member.mean(cost))) {
            if (!y.isEmpty()) {
                x.add(group.mean(cost));
                y.add(y.getLast());
            }
            x.add(group.mean(cost));
            y.add(100 * group.accuracy());
        }
        XYSeries front = chart.addSeries("Pareto front of the means", x, y);
        front.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        front.setMarker(SeriesMarkers.NONE).setLineColor(Color.GRAY).setLineStyle(new BasicStroke(1));
    }
}
