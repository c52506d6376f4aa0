package dev.darq.experiments;

import dev.darq.experiments.latency.LatencyFile;
import dev.darq.experiments.report.Json;
import dev.darq.search.Allocation;
import dev.darq.search.Budget;
import dev.darq.search.Latency;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The latency that a search was told, and the one that its packed model has.
 *
 * @param table     the table of the prediction
 * @param predicted microseconds of the scheme by the table
 * @param measured  median microseconds of the packed model, in the rounds of the comparison
 * @param deviation how far the prediction is off, a fraction of what was measured
 */
record LatencyReport(String table, double predicted, double measured, double deviation) {

    /** The report of a search that has a latency among its costs, else null. */
    static @Nullable LatencyReport of(Allocation allocation, List<Budget> budgets, @Nullable Double measured) {
        for (Budget budget : budgets) {
            if (measured != null && budget.model() instanceof Latency latency) {
                double predicted = allocation.cost(latency);
                return new LatencyReport(latency.file(), predicted, measured, predicted / measured - 1);
            }
        }
        return null;
    }

    String toJson() {
        return Json.write(this);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "latency of the packed model: predicted %.2f us, measured %.2f us (%+.1f %%)%s",
                predicted, measured, 100 * deviation,
                Math.abs(deviation) <= LatencyFile.TOLERANCE
                        ? ""
                        : "; more than " + Math.round(100 * LatencyFile.TOLERANCE)
                                + " % off: run 'darq calibrate' again, with nothing else on the machine");
    }
}
