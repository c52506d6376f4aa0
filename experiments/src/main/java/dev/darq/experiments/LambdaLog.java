package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Plots;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.AtomicFile;
import dev.darq.quantizers.State;
import dev.darq.search.SearchSettings;
import dev.darq.search.TrainingListener.Step;
import dev.darq.search.Weighting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The course of the multipliers lambda over a search: {@code lambdas.csv} and {@code lambdas.png} of the run folder. */
final class LambdaLog implements State.Holder {
    /** More points than the plot has room for would only make files large. */
    private static final int POINTS = 500;

    private final List<String> names = new ArrayList<>();
    private final List<List<Double>> courses = new ArrayList<>();
    private final List<Integer> steps = new ArrayList<>();
    private final Table table = new Table().number("step");

    /** Of a run without a search: stays empty. */
    LambdaLog() {}

    /** Of a run with this search. */
    LambdaLog(SearchSettings search) {
        search.costs().forEach(cost -> add(cost.model().label(), cost.weighting()));
        add("error", search.error().weighting());
    }

    private void add(String term, Weighting weighting) {
        table.number("lambda " + term);
        names.add(term + " (" + weighting.label() + ")");
        courses.add(new ArrayList<>());
    }

    void step(Step step) {
        int every = Math.max(1, step.steps() / POINTS);
        if (step.lambdas().isEmpty() || step.step() % every != 0 && step.step() > 1) {
            return;
        }
        add(step.step(), step.lambdas());
    }

    private void add(int step, List<Double> lambdas) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.count(step)));
        steps.add(step);
        for (int k = 0; k < courses.size(); k++) {
            courses.get(k).add(lambdas.get(k));
            cells.add(Cell.number(lambdas.get(k), 4));
        }
        table.row(cells.toArray(Cell[]::new));
    }

    @Override
    public void save(State state) {
        state.put("rows", (long) steps.size());
        state.put("steps", steps.stream().mapToLong(Integer::longValue).toArray());
        for (int k = 0; k < courses.size(); k++) {
            state.put("course" + k, courses.get(k).stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    @Override
    public void restore(State state) {
        int rows = Math.toIntExact(state.integer("rows"));
        long[] before = state.integers("steps", rows);
        List<double[]> values = new ArrayList<>();
        for (int k = 0; k < courses.size(); k++) {
            values.add(state.doubles("course" + k, rows));
        }
        for (int i = 0; i < rows; i++) {
            int row = i;
            add((int) before[i], values.stream().map(course -> course[row]).toList());
        }
    }

    /**
     * Writes both files; nothing where no search ran.
     *
     * @return an empty string, or one line that says why there is no plot
     */
    String write(Path folder) throws IOException {
        if (steps.isEmpty()) {
            return "";
        }
        AtomicFile.write(folder.resolve("lambdas.csv"), table.toCsv());
        XYChart chart = new XYChartBuilder().width(900).height(500).title("Course of the multipliers")
                .xAxisTitle("step").yAxisTitle("lambda").build();
        for (int k = 0; k < courses.size(); k++) {
            chart.addSeries(names.get(k), steps, courses.get(k)).setMarker(SeriesMarkers.NONE);
        }
        return Plots.write(chart, folder.resolve("lambdas.png"));
    }
}
