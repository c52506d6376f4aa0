package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Plots;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.BinaryLevels;
import dev.darq.kernels.Linear;
import dev.darq.kernels.PackedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.Histogram;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The levels that were learned for the weights of one neuron, the first of the first layer, as the thesis shows them: in a
 * histogram of its float32 weights, and as a table.
 */
final class NeuronLevels {
    private static final int NEURON = 0;
    private static final int BINS = 60;

    private final List<Double> weights = new ArrayList<>();
    private final Table table = new Table().text("bits").number("level").number("weights").number("share");

    /** Starts from the network in float32. */
    NeuronLevels(PackedModel floats) {
        Linear layer = firstLayer(floats);
        int columns = layer.weights().columns();
        float[] all = layer.weights().decode();
        for (int i = 0; i < columns; i++) {
            weights.add((double) all[NEURON * columns + i]);
        }
    }

    private static Linear firstLayer(PackedModel model) {
        return (Linear) model.operations().getFirst();
    }

    /**
     * Adds the levels of a quantized network, and draws them.
     *
     * @param model with binary codes
     * @param file  the PNG file
     * @return an empty string, or why nothing could be drawn
     */
    String add(PackedModel model, Path file) throws IOException {
        BinaryCode code = (BinaryCode) firstLayer(model).weights();
        float[] basis = Arrays.copyOfRange(code.basis(), NEURON * code.bits(), (NEURON + 1) * code.bits());
        BinaryLevels levels = new BinaryLevels(basis, code.offset()[NEURON]);
        for (int level = 0; level < levels.levels().length; level++) {
            int taken = 0;
            for (int column = 0; column < code.columns(); column++) {
                taken += code.code(NEURON, column) == levels.codes()[level] ? 1 : 0;
            }
            table.row(Cell.of(Integer.toString(code.bits())), Cell.number(levels.levels()[level], 4), Cell.count(taken),
                    Cell.percent((double) taken / code.columns(), 1));
        }
        return Plots.write(chart(code.bits(), levels.levels()), file);
    }

    private XYChart chart(int bits, float[] levels) {
        XYChart chart = new XYChartBuilder().width(800).height(450)
                .title("Weights of one neuron in float32 and the levels at " + bits + (bits == 1 ? " bit" : " bits"))
                .xAxisTitle("weight").yAxisTitle("number of weights").build();
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE).setMarkerSize(0);
        Histogram histogram = new Histogram(weights, BINS);
        XYSeries bars = chart.addSeries("weights", histogram.getxAxisData(), histogram.getyAxisData());
        bars.setXYSeriesRenderStyle(XYSeriesRenderStyle.StepArea).setMarker(SeriesMarkers.NONE);
        double top = histogram.getyAxisData().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        for (int i = 0; i < levels.length; i++) {
            XYSeries line = chart.addSeries(i == 0 ? "levels" : "level " + i, new double[] {levels[i], levels[i]},
                    new double[] {0, top});
            line.setMarker(SeriesMarkers.NONE).setLineColor(java.awt.Color.RED).setShowInLegend(i == 0);
        }
        return chart;
    }

    /** All levels: value, and how many of the neuron's weights have it. */
    Table table() {
        return table;
    }
}
