package dev.darq.benchmarks;

import dev.darq.benchmarks.Contest.Times;
import dev.darq.benchmarks.Target.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/** The measured figures of one workload. */
final class Group {
    private final Workload workload;
    private final List<Entry> entries;
    private final List<Times> times;
    private final List<Double> errors;
    private final Limits limits;

    private Group(Workload workload, List<Entry> entries, List<Times> times, List<Double> errors, Limits limits) {
        this.workload = workload;
        this.entries = entries;
        this.times = times;
        this.errors = errors;
        this.limits = limits;
    }

    /**
     * Times the contenders and the limits in turn; checks every result before and after.
     *
     * @param limits the probes of {@link Limits}
     * @param first whether this code has not run before
     */
    static Group measure(Workload workload, List<Entry> entries, List<Timed> limits, Contest contest, boolean first)
            throws Exception {
        List<Double> before = errors(entries);
        List<Timed> turns = new ArrayList<>();
        entries.forEach(entry -> turns.add(entry.contender()));
        turns.addAll(limits);
        List<Times> times = contest.times(turns, first);
        List<Double> after = errors(entries);
        List<Double> worst = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            worst.add(Math.max(before.get(i), after.get(i)));
        }
        int count = entries.size();
        return new Group(workload, entries, times.subList(0, count), worst,
                Limits.of(times.subList(count, times.size())));
    }

    private static List<Double> errors(List<Entry> entries) throws Exception {
        List<Double> errors = new ArrayList<>();
        for (Entry entry : entries) {
            Object _ = entry.contender().run();
            errors.add(entry.reference().worst(entry.contender().output()));
        }
        return errors;
    }

    Workload workload() {
        return workload;
    }

    List<Entry> entries() {
        return entries;
    }

    Limits limits() {
        return limits;
    }

    Times times(int entry) {
        return times.get(entry);
    }

    /** The largest error of a result, as a fraction of its bound. */
    double error(int entry) {
        return errors.get(entry);
    }

    /** The figures of one contender. */
    Row row(int index) {
        Entry entry = entries.get(index);
        double nanos = times.get(index).median();
        return new Row(ratio(Lineup.ONNX_INT8, nanos), ratio(Lineup.DARQ_FLOAT, nanos),
                ratio(Lineup.ONNX_FLOAT, nanos),
                entry.planePairs() == 0 ? null : limits.popcount(bitPairs(entry)) / nanos,
                limits.reading(entry.weightBytes()) / nanos);
    }

    private double bitPairs(Entry entry) {
        double products = 0;
        for (Network.Layer layer : workload.network().layers()) {
            products += (double) layer.inputs() * layer.outputs();
        }
        return products * workload.batch() * entry.planePairs();
    }

    private @Nullable Double ratio(String other, double nanos) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).name().equals(other)) {
                return times.get(i).median() / nanos;
            }
        }
        return null;
    }
}
