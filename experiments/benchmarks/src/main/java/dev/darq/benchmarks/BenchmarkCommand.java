package dev.darq.benchmarks;

import dev.darq.experiments.cli.UsageException;
import dev.darq.experiments.report.Table;
import dev.darq.experiments.report.Tables;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darq benchmark}. */
@Command(name = "benchmark", description = {
        "Times the kernels against ONNX Runtime, libtorch, Jlama and naive loops, and against the limits of",
        "this machine: linear layers and the network 784-512-10, batch 1 and 24, one thread, all in one",
        "process and taking turns. Each result is checked against float64; one out of its bound fails the",
        "command."}, footer = {"",
                "Examples:", "  experiments/darq benchmark --out results/kernels",
                "  experiments/darq benchmark --short", "  experiments/darq benchmark --startup"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BenchmarkCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private @Nullable Kind kind;

    @Option(names = "--model", paramLabel = "MODEL.darq", description = "With --startup: the model, instead of a random one.")
    private @Nullable Path model;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the tables go. Default: results/runs/kernels-TIME.")
    private @Nullable Path out;

    /** What is measured; the full benchmark if none is given. */
    static final class Kind {
        @Option(names = "--short", description = "The same in fewer and shorter rounds: less than two minutes.")
        private boolean brief;

        @Option(names = "--allocation", description = "Instead: the bytes that a run of a session allocates.")
        private boolean allocation;

        @Option(names = "--startup", description = "Instead: the time to the first answer in a fresh JVM.")
        private boolean startup;
    }

    @Override
    public Integer call() throws Exception {
        boolean startup = kind != null && kind.startup;
        if (model != null && !startup) {
            throw new UsageException("--model goes with --startup only");
        }
        if (model != null && !Files.isReadable(model)) {
            throw new UsageException("--model " + model + ": cannot be read");
        }
        Path folder = Files.createDirectories(
                out != null ? out : Path.of("results", "runs", "kernels-" + TIME.format(LocalDateTime.now())));
        List<String> failures = startup
                ? startup(folder)
                : kind != null && kind.allocation ? allocation(folder) : kernels(folder);
        PrintWriter console = spec.commandLine().getOut();
        console.println("written to " + folder);
        console.flush();
        failures.forEach(line -> spec.commandLine().getErr().println("darq: " + line));
        spec.commandLine().getErr().flush();
        return failures.isEmpty() ? 0 : 1;
    }

    private List<String> kernels(Path folder) throws Exception {
        KernelBenchmark benchmark = new KernelBenchmark(kind != null && kind.brief ? Contest.SHORT : Contest.FULL,
                spec.commandLine().getErr());
        benchmark.run();
        benchmark.write(folder, spec.commandLine().getOut());
        return benchmark.wrong();
    }

    private List<String> startup(Path folder) throws Exception {
        show(StartupBenchmark.measure(model), folder, "startup");
        return List.of();
    }

    private List<String> allocation(Path folder) throws Exception {
        AllocationBenchmark.Profile profile = AllocationBenchmark.profile();
        show(profile.table(), folder, "allocation");
        return profile.clean() ? List.of() : List.of("a run of a session allocates, see the table");
    }

    private void show(Table table, Path folder, String name) throws IOException {
        Tables.write(table, folder, name);
        spec.commandLine().getOut().print(table.toMarkdown());
    }
}
