package dev.darq.experiments;

import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.search.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Resident memory of this process at step 200 and at every 500th step of the search, where the system tells. */
final class MemoryLog {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int FIRST = 200;
    private static final int EVERY = 500;

    /**
     * One reading.
     *
     * @param step      step of the search
     * @param kilobytes resident memory
     */
    record Reading(int step, long kilobytes) {}

    private final List<Reading> readings = new ArrayList<>();

    /** Takes a reading if this step is one of those; returns whether it did. */
    boolean reads(TrainingListener.Step step) {
        boolean due = step.stage().equals("search") && (step.step() == FIRST || step.step() % EVERY == 0)
                && Files.exists(STATUS);
        if (due) {
            readings.add(new Reading(step.step(), resident()));
        }
        return due;
    }

    /** The readings so far. */
    List<Reading> readings() {
        return List.copyOf(readings);
    }

    /** Goes on from these readings. */
    void restore(List<Reading> earlier) {
        readings.clear();
        readings.addAll(earlier);
    }

    /** The readings so far, as a table. */
    Table table() {
        Table table = new Table().number("step").number("resident KiB");
        readings.forEach(reading -> table.row(Cell.count(reading.step()), Cell.count(reading.kilobytes())));
        return table;
    }

    private static long resident() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
