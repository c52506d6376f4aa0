package dev.darq.experiments.cli;

import dev.darq.experiments.Calibration;
import dev.darq.experiments.LatencyBenchmark;
import dev.darq.experiments.ProgressDisplay;
import dev.darq.experiments.config.CalibrationConfig;
import dev.darq.experiments.latency.LatencyFile;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darq calibrate}. */
@Command(name = "calibrate", description = {
        "Measures on this machine what each layer of a search's network takes with every pair of candidates that",
        "the search may choose, and writes a table for the cost 'latency':", "",
        "  search: { cost: { model: latency, table: latency.json, target: 0.3 } }", "",
        "Whole models of random schemes are measured among them and held against their prediction. Takes a",
        "minute or two; the quieter the machine, the better the table."}, footer = {"", "Examples:",
                "  experiments/darq calibrate experiments/mnist-mlp.yaml --out latency.json",
                "  experiments/darq calibrate experiments/mnist-mlp.yaml --set network.layers=[784,64,10] --out small.json"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class CalibrateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CONFIG", description = "The search's configuration, a YAML file.")
    private Path config;

    @Option(names = "--set", paramLabel = "path=value", description = "Sets a value of the configuration. May be "
            + "repeated.")
    private final List<String> overrides = new ArrayList<>();

    @Option(names = "--out", paramLabel = "FILE", description = "The table to write (default: where the configuration's "
            + "cost 'latency' looks for it).")
    private @Nullable Path out;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "401", description = "Rounds that count for the medians "
            + "(default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    public Integer call() throws IOException {
        if (rounds < 1 || rounds > 100_000) {
            throw new UsageException("--rounds " + rounds + ": expected 1 to 100000");
        }
        CalibrationConfig read = CalibrationConfig.load(config, overrides);
        Path file = out == null ? read.table() : out;
        if (file == null) {
            throw new UsageException(config + ": has no cost 'latency' with a table; --out says where to write one");
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(file)) {
            throw new UsageException(file + ": expected a file in a folder that is there");
        }
        PrintWriter writer = spec.commandLine().getOut();
        LatencyFile table;
        try (ProgressDisplay display = new ProgressDisplay(writer, ProgressDisplay.terminal())) {
            table = Calibration.run(read, LatencyBenchmark.Effort.manyContenders(rounds),
                    part -> display.part("calibration", part));
        }
        table.write(file);
        writer.println(checks(table).toMarkdown());
        writer.printf(Locale.ROOT, "%d measurements, %.3f us beside the layers; kernels: %s; written to %s%n",
                table.table().layers().size(), table.table().overhead(), table.environment().provider(), file);
        long off = table.checks().stream().filter(check -> Math.abs(check.deviation()) > LatencyFile.TOLERANCE).count();
        if (off > 0) {
            writer.printf(Locale.ROOT,
                    "note: %d of %d predictions are more than %.0f %% off: measure again with nothing "
                            + "else on the machine, or with more --rounds%n",
                    off, table.checks().size(),
                    100 * LatencyFile.TOLERANCE);
        }
        writer.flush();
        return 0;
    }

    private static Table checks(LatencyFile file) {
        Table table = new Table().text("random scheme (weights/activations)").number("us, predicted")
                .number("us, measured").number("off by");
        for (LatencyFile.Check check : file.checks()) {
            table.row(Cell.of(check.scheme()), Cell.number(check.predicted(), 2), Cell.number(check.measured(), 2),
                    Cell.percent(check.deviation(), 1));
        }
        return table;
    }
}
