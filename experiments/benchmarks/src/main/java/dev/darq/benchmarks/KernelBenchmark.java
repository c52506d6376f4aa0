package dev.darq.benchmarks;

import ai.djl.engine.Engine;
import dev.darq.benchmarks.Lineup.LeftOut;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Json;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All networks and batches, one after the other. */
final class KernelBenchmark {
    private static final int[][] NETWORKS = {{1024, 1024}, {768, 3072}, {4096, 4096}, {784, 512, 10}};
    private static final int[] BATCHES = {1, 24};

    private final Contest contest;
    private final PrintWriter progress;
    private final List<Group> groups = new ArrayList<>();
    private final Map<LeftOut, List<String>> leftOut = new LinkedHashMap<>();

    /**
     * Prepares a run.
     *
     * @param progress takes a line for each network and batch
     */
    KernelBenchmark(Contest contest, PrintWriter progress) {
        this.contest = contest;
        this.progress = progress;
    }

    /** Measures everything. */
    void run() throws Exception {
        Engine.getInstance();
        List<Timed> limits = Limits.probes();
        for (int[] widths : NETWORKS) {
            Network network = Network.random(widths);
            for (int batch : BATCHES) {
                Workload workload = new Workload(network, batch);
                progress.println(workload.name());
                progress.flush();
                try (Lineup lineup = new Lineup(workload)) {
                    groups.add(Group.measure(workload, lineup.entries(), limits, contest, widths == NETWORKS[0]));
                    lineup.leftOut().forEach(
                            part -> leftOut.computeIfAbsent(part, _ -> new ArrayList<>()).add(workload.name()));
                }
            }
        }
    }

    /** A line for each contender whose result is out of its bound. */
    List<String> wrong() {
        return KernelTables.wrong(groups);
    }

    /** Writes the tables into a folder and on the console. */
    void write(Path folder, PrintWriter console) throws IOException {
        Table contenders = KernelTables.contenders(groups);
        Table limits = KernelTables.limits(groups);
        String notes = KernelTables.notes(groups, leftOut);
        Tables.write(contenders, folder, "table");
        Tables.write(limits, folder, "limits");
        AtomicFile.write(folder.resolve("notes.md"), notes);
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("environment", Environment.current(KernelProvider.get().name(), 1));
        environment.put("peers", Peers.versions());
        environment.put("contest", contest);
        AtomicFile.write(folder.resolve("environment.json"), Json.write(environment));
        console.print(contenders.toMarkdown() + "\n" + limits.toMarkdown() + "\n" + notes);
        console.flush();
    }
}
