package dev.darq.benchmarks;

import dev.darq.benchmarks.Contest.Times;
import dev.darq.benchmarks.Lineup.LeftOut;
import dev.darq.benchmarks.Target.Row;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Numbers;
import dev.darq.experiments.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The figures as tables. */
final class KernelTables {
    private KernelTables() {}

    /** One row for each contender of each workload. */
    static Table contenders(List<Group> groups) {
        Table table = new Table().text("layer").number("batch").text("contender").number("us")
                .number("25 %", "lower quartile").number("75 %", "upper quartile")
                .number("over ONNX int8").number("over float32 kernel").number("over ONNX float32")
                .number("of popcount limit").number("of bandwidth limit").number("error of bound").text("target")
                .text("met");
        for (Group group : groups) {
            for (int i = 0; i < group.entries().size(); i++) {
                Row row = group.row(i);
                Times times = group.times(i);
                List<Target> targets = Target.of(group.workload(), group.entries().get(i));
                table.row(Cell.of(group.workload().network().name()), Cell.count(group.workload().batch()),
                        Cell.of(group.entries().get(i).name()), micros(times.median()), micros(times.lower()),
                        micros(times.upper()),
                        ratio(row.overInt8()), ratio(row.overFloatKernel()), ratio(row.overOnnxFloat()),
                        percent(row.ofPopcount()), percent(row.ofBandwidth()), percent(group.error(i)),
                        Cell.of(targets.stream().map(Target::toString).collect(Collectors.joining(", "))),
                        Cell.of(Target.met(targets, row)));
            }
        }
        return table;
    }

    /** The limits of the machine that each workload met. */
    static Table limits(List<Group> groups) {
        Table table = new Table().text("beside layer").number("batch")
                .number("ns per " + PopcountLimit.width() + "-bit popcount");
        Limits.FOOTPRINTS.forEach(bytes -> table.number("GB/s, " + Numbers.bytes(bytes)));
        for (Group group : groups) {
            List<Cell> cells = new ArrayList<>();
            cells.add(Cell.of(group.workload().network().name()));
            cells.add(Cell.count(group.workload().batch()));
            cells.add(Cell.number(group.limits().popcountNanos(), 3));
            group.limits().bandwidths().forEach(bandwidth -> cells.add(Cell.number(bandwidth, 1)));
            table.row(cells.toArray(Cell[]::new));
        }
        return table;
    }

    /** What a reader of the tables must know. */
    static String notes(List<Group> groups, Map<LeftOut, List<String>> leftOut) {
        StringBuilder notes = new StringBuilder();
        notes.append(
                "One thread; the median of alternating rounds; encoding of the activations included. (Kw,Kx) are the"
                        + " bits of weights and activations.\nOver: how many times as fast. Of popcount limit: the time of the"
                        + " products alone at the measured rate of xor + popcount + add, as a fraction of the time taken (above"
                        + " 100 %: not computed by popcount). Of bandwidth limit: the time to read the weights once, at the"
                        + " measured rate for their size, as a fraction of the time taken. The rates are the best of all rounds. Targets are for processors that"
                        + " count 512 bits at once.\nError of bound: the largest error of"
                        + " any output against a float64 reference, as a fraction of its bound:\n");
        groups.stream().flatMap(group -> group.entries().stream())
                .collect(Collectors.groupingBy(Entry::bound, LinkedHashMap::new,
                        Collectors.mapping(Entry::name, Collectors.toCollection(LinkedHashSet::new))))
                .forEach((bound, names) -> notes.append("- ").append(String.join("; ", names)).append(": ")
                        .append(bound).append('\n'));
        leftOut.forEach((part, places) -> notes.append(part.what()).append(" does not run and is left out at ")
                .append(String.join("; ", places)).append(": ").append(part.why()).append('\n'));
        return notes.toString();
    }

    /** A line for each contender whose result is out of its bound. */
    static List<String> wrong(List<Group> groups) {
        List<String> lines = new ArrayList<>();
        for (Group group : groups) {
            for (int i = 0; i < group.entries().size(); i++) {
                if (!(group.error(i) <= 1)) {
                    lines.add(group.entries().get(i).name() + " at " + group.workload().name()
                            + ": expected an error of at most "
                            + group.entries().get(i).bound() + ", got " + Numbers.fixed(group.error(i), 2)
                            + " times that");
                }
            }
        }
        return lines;
    }

    private static Cell micros(double nanos) {
        return Cell.number(nanos / 1e3, 2);
    }

    private static Cell ratio(@Nullable Double ratio) {
        return ratio == null ? Cell.NONE : Cell.times(ratio, 2);
    }

    private static Cell percent(@Nullable Double fraction) {
        return fraction == null ? Cell.NONE : Cell.percent(fraction, 1);
    }
}
