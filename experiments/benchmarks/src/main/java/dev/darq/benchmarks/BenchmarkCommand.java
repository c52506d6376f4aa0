package dev.darq.benchmarks;

import ai.djl.engine.Engine;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Json;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darq benchmark}. */
@Command(name = "benchmark", description = {
        "Times the kernels against ONNX Runtime, libtorch, Jlama and naive loops, and against the",
        "limits of this machine: linear layers and the network 784-512-10, batch 1 and 24, one",
        "thread, all in one process and taking turns. Each result is checked against float64."}, footer = {"",
                "Examples:", "  experiments/darq benchmark --out results/kernels",
                "  experiments/darq benchmark --short"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BenchmarkCommand implements Callable<Integer> {
    private static final int[][] NETWORKS = {{1024, 1024}, {768, 3072}, {4096, 4096}, {784, 512, 10}};
    private static final int[] BATCHES = {1, 24};
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private CommandSpec spec;

    @Option(names = "--short", description = "Fewer and shorter rounds: less than two minutes.")
    private boolean brief;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the tables go. Default: results/runs/kernels-TIME.")
    private @Nullable Path out;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createDirectories(
                out != null ? out : Path.of("results", "runs", "kernels-" + TIME.format(LocalDateTime.now())));
        Contest contest = brief ? Contest.SHORT : Contest.FULL;
        Engine.getInstance();
        List<Group> groups = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (int[] widths : NETWORKS) {
            Network network = Network.random(widths);
            for (int batch : BATCHES) {
                progress(network.name() + ", batch " + batch);
                Workload workload = new Workload(network, batch);
                try (Lineup lineup = new Lineup(workload)) {
                    groups.add(Group.measure(workload, lineup.entries(), contest));
                    leftOut.addAll(lineup.leftOut());
                }
            }
        }
        write(folder, contest, KernelTables.contenders(groups), KernelTables.limits(groups),
                KernelTables.notes(groups, leftOut));
        List<String> wrong = KernelTables.wrong(groups);
        wrong.forEach(line -> spec.commandLine().getErr().println("darq: " + line));
        spec.commandLine().getErr().flush();
        return wrong.isEmpty() ? 0 : 1;
    }

    private void progress(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    private void write(Path folder, Contest contest, Table contenders, Table limits, String notes)
            throws IOException {
        Tables.write(contenders, folder, "table");
        Tables.write(limits, folder, "limits");
        AtomicFile.write(folder.resolve("notes.md"), notes);
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("environment", Environment.current(KernelProvider.get().name(), 1));
        environment.put("peers", Peers.versions());
        environment.put("contest", contest);
        AtomicFile.write(folder.resolve("environment.json"), Json.write(environment));
        PrintWriter console = spec.commandLine().getOut();
        console.print(contenders.toMarkdown() + "\n" + limits.toMarkdown() + "\n" + notes);
        console.println("written to " + folder);
        console.flush();
    }
}
