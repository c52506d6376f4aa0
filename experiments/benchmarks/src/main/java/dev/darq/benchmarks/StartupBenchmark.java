package dev.darq.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Numbers;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.PackedModel;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** How long a fresh JVM takes from its start to the first answer of a packed model, and how big the jars are. */
final class StartupBenchmark {
    private static final int RUNS = 11;
    private static final double MOST_MILLIS = 300;
    private static final long MOST_BYTES = 1_000_000;

    private StartupBenchmark() {}

    /**
     * Starts JVMs one after the other.
     *
     * @param given the model, or null for a network 784-512-10 of random weights of 2 bits
     */
    static Table measure(@Nullable Path given) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("darq-startup");
        Path model = given != null ? given : folder.resolve("model.darq");
        try {
            if (given == null) {
                Codes.lq(2).pack(Network.random(784, 512, 10)).save(model);
            }
            List<double[]> runs = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                runs.add(start(model));
            }
            return table(runs);
        } finally {
            if (given == null) {
                Files.deleteIfExists(model);
            }
            Files.delete(folder);
        }
    }

    private static Table table(List<double[]> runs) {
        Table table = new Table().text("step").number("median").number("lowest").number("highest").text("target")
                .text("met");
        row(table, "JVM start, ms", runs.stream().mapToDouble(run -> run[0]).toArray(), false);
        row(table, "load, ms", runs.stream().mapToDouble(run -> run[1]).toArray(), false);
        row(table, "session, ms", runs.stream().mapToDouble(run -> run[2]).toArray(), false);
        row(table, "first request, ms", runs.stream().mapToDouble(run -> run[3]).toArray(), false);
        row(table, "load to first answer, ms", runs.stream().mapToDouble(run -> run[1] + run[2] + run[3]).toArray(),
                true);
        row(table, "all with JVM start, ms", runs.stream().mapToDouble(run -> Arrays.stream(run).sum()).toArray(),
                false);
        long bytes = jars().stream().mapToLong(jar -> jar.toFile().length()).sum();
        table.row(Cell.of("jars (" + jars().stream().map(jar -> jar.getFileName().toString())
                .collect(Collectors.joining(", ")) + ")"), new Cell(Numbers.bytes(bytes), bytes), Cell.NONE, Cell.NONE,
                Cell.of("< " + Numbers.thousands(MOST_BYTES) + " B"), Cell.of(bytes < MOST_BYTES ? "yes" : "no"));
        return table;
    }

    private static void row(Table table, String step, double[] millis, boolean held) {
        Arrays.sort(millis);
        double median = millis[millis.length / 2];
        table.row(Cell.of(step), Cell.number(median, 1), Cell.number(millis[0], 1),
                Cell.number(millis[millis.length - 1], 1),
                Cell.of(held ? "< " + Numbers.fixed(MOST_MILLIS, 0) + " ms" : ""),
                Cell.of(!held ? "" : median < MOST_MILLIS ? "yes" : "no"));
    }

    /** Milliseconds of one run: until main, load, session, first request. */
    private static double[] start(Path model) throws IOException, InterruptedException {
        List<Path> classpath = new ArrayList<>(jars());
        classpath.add(origin(FirstRequest.class)); // of which nothing else is loaded
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "--add-modules", "jdk.incubator.vector", "-cp",
                classpath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                FirstRequest.class.getName(), Long.toString(System.currentTimeMillis()),
                model.toAbsolutePath().toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String line;
        try (var out = process.getInputStream()) {
            line = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("the JVM that loads " + model + ": expected exit code 0, got " + code);
        }
        return Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    }

    /** The kernels and all that they bring. */
    private static List<Path> jars() {
        return List.of(origin(PackedModel.class), origin(JsonFactory.class), origin(NullMarked.class));
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no path: " + e.getInput(), e);
        }
    }
}
