package dev.darq.search;

import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rule of R-DARTS (Zela et al. 2020, section 4.3): compares the mean of the last measurements of the curvature with
 * the mean a window before, and on too much growth takes the architecture parameters of that earlier epoch back.
 *
 * <p>
 * Departure: the paper's means lie around an epoch and so know two epochs to come; these end with it.
 */
final class CurvatureStop implements State.Holder {
    private record Measurement(int epoch, double curvature, float[][] alphas) {}

    private final EarlyStopping settings;
    private final List<Measurement> measurements = new ArrayList<>();

    CurvatureStop(EarlyStopping settings) {
        this.settings = settings;
    }

    /** Whether the curvature is measured after an epoch, counted from 1. */
    boolean measures(int epoch) {
        return epoch % settings.every() == 0;
    }

    /**
     * Takes a measurement; on too much growth sets the architecture parameters back.
     *
     * @return the stop, or {@code null} when the search may go on
     */
    TrainingListener.@Nullable EarlyStop after(int epoch, double curvature, List<Parameter> alphas) {
        measurements.add(new Measurement(epoch, curvature,
                alphas.stream().map(alpha -> alpha.value().clone()).toArray(float[][]::new)));
        int earlier = measurements.size() - 1 - settings.window();
        if (earlier < 0) {
            return null;
        }
        double before = smoothed(earlier);
        double growth = smoothed(measurements.size() - 1) / before;
        // Without curvature before, or where it was negative, there is nothing to compare with.
        if (before <= 0 || !(growth > settings.factor())) {
            return null;
        }
        Measurement back = measurements.get(earlier);
        for (int k = 0; k < alphas.size(); k++) {
            System.arraycopy(back.alphas[k], 0, alphas.get(k).value(), 0, back.alphas[k].length);
        }
        return new TrainingListener.EarlyStop(epoch, back.epoch, growth);
    }

    /** The mean of a window of measurements that ends with this one. */
    private double smoothed(int last) {
        int first = Math.max(0, last + 1 - settings.window());
        double sum = 0;
        for (int i = first; i <= last; i++) {
            sum += measurements.get(i).curvature;
        }
        return sum / (last + 1 - first);
    }

    @Override
    public void save(State state) {
        state.put("measurements", (long) measurements.size());
        for (int i = 0; i < measurements.size(); i++) {
            Measurement measurement = measurements.get(i);
            State own = state.under("measurement" + i);
            own.put("epoch", (long) measurement.epoch);
            own.put("curvature", measurement.curvature);
            own.put("tensors", (long) measurement.alphas.length);
            for (int k = 0; k < measurement.alphas.length; k++) {
                own.put("alpha" + k, measurement.alphas[k]);
            }
        }
    }

    @Override
    public void restore(State state) {
        measurements.clear();
        for (int i = 0; i < state.integer("measurements"); i++) {
            State own = state.under("measurement" + i);
            float[][] alphas = new float[Math.toIntExact(own.integer("tensors"))][];
            Arrays.setAll(alphas, k -> own.floats("alpha" + k));
            measurements.add(new Measurement(Math.toIntExact(own.integer("epoch")), own.real("curvature"), alphas));
        }
    }
}
