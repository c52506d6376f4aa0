package dev.darq.experiments;

import dev.darq.experiments.report.Plots;
import dev.darq.search.TuningEpoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The epochs of several trainings as curves: validation accuracy where there is any, or else the training loss. */
final class TrainingCurves {
    private final SequencedMap<String, List<TuningEpoch>> trainings = new LinkedHashMap<>();
    private boolean validated = true;

    void add(TuningEpoch epoch) {
        trainings.computeIfAbsent(epoch.stage(), _ -> new ArrayList<>()).add(epoch);
        validated &= epoch.validationAccuracy() != null;
    }

    /**
     * Draws the curves.
     *
     * @param file the PNG file
     * @return an empty string, or why nothing was drawn
     */
    String write(Path file) throws IOException {
        XYChart chart = new XYChartBuilder().width(800).height(450).xAxisTitle("epoch")
                .yAxisTitle(validated ? "validation accuracy, %" : "training loss").build();
        ToDoubleFunction<TuningEpoch> figure = validated
                ? epoch -> 100 * accuracy(epoch)
                : TuningEpoch::trainingLoss;
        trainings.forEach((name, epochs) -> chart
                .addSeries(name, epochs.stream().mapToDouble(TuningEpoch::epoch).toArray(),
                        epochs.stream().mapToDouble(figure).toArray())
                .setMarker(SeriesMarkers.NONE));
        return trainings.isEmpty() ? "" : Plots.write(chart, file);
    }

    private static double accuracy(TuningEpoch epoch) {
        Double accuracy = epoch.validationAccuracy();
        return accuracy == null ? Double.NaN : accuracy;
    }
}
