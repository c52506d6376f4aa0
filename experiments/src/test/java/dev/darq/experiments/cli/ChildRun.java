package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.experiments.data.IdxFolder;
import dev.darq.experiments.journal.CheckpointFolder;
import dev.darq.kernels.PackedFormatException;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Searches in processes of their own, which may be killed, on a small data set in a folder. */
final class ChildRun {
    private static final List<String> NEVER = List.of("never", "-", "0");

    private final Path folder;
    private final Path config;

    ChildRun(Path folder) throws IOException {
        this.folder = folder;
        config = folder.resolve("small.yaml");
        Files.writeString(config, """
                name: small
                data: { path: '%s', validation: 0.25 }
                network: { layers: [16, 24, 10], activation: relu }
                space: { weights: [lq2, lsq+4, sign1, float32], activations: [lq2, pact4, float32] }
                training: { batch-size: 10, learning-rate: 0.003 }
                search: { warmup-epochs: 4, epochs: 10, cost: { target: 0.03 } }
                finetune: { epochs: 6 }
                baselines: []
                checkpoints: { every: 20 }
                """.formatted(IdxFolder.writePatterns(folder.resolve("data"), 2000, 500)));
    }

    Process start(Path run, boolean resume) throws IOException {
        return start(run, resume, NEVER, "");
    }

    /** The process; its output goes to a file beside the run folder. */
    Process start(Path run, boolean resume, List<String> death, String limit) throws IOException {
        List<String> java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
                        "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Dai.djl.offline=true",
                        "-XX:+UseSerialGC", "-Xmx1g", "-cp", System.getProperty("java.class.path"),
                        Victim.class.getName()));
        java.addAll(death);
        java.addAll(List.of("search", config.toString(), "--run", run.toString()));
        if (resume) {
            java.add("--resume");
        }
        List<String> command = new ArrayList<>(List.of("bash", "-c", limit + "exec \"$@\"", "bash"));
        command.addAll(java);
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output(run).toFile())).start();
    }

    private static Path output(Path run) {
        return run.resolveSibling(run.getFileName() + ".txt");
    }

    static String said(Path run) throws IOException {
        return Files.exists(output(run)) ? Files.readString(output(run)) : "";
    }

    /** Runs to the end without being disturbed. */
    Path undisturbed(String name) throws IOException, InterruptedException {
        Path run = folder.resolve(name);
        assertEquals(0, start(run, false).waitFor(), () -> output(run) + " says why");
        return run;
    }

    /** Whether there is anything to go on from; a run killed before its first checkpoint has to begin. */
    static boolean hasBegun(Path run) throws IOException {
        return CheckpointFolder.isIn(run);
    }

    /** Every file that has its name is whole; what is unfinished has none. */
    static void assertPublishedFilesAreWhole(Path run) throws IOException {
        if (!Files.isDirectory(run)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(run)) {
            files = all.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".tmp")).toList();
        }
        for (Path file : files) {
            assertWhole(file);
        }
    }

    private static void assertWhole(Path file) throws IOException {
        String name = file.toString();
        try {
            if (name.contains("/" + CheckpointFolder.NAME + "/")) {
                TensorFile.load(file, "darq-checkpoint", 1);
            } else if (name.endsWith(".darq") || name.endsWith(".safetensors")) {
                PackedModel.load(file);
            } else if (name.endsWith("metrics.csv")) {
                List<String> epochs = Files.readAllLines(file).stream()
                        .map(line -> line.substring(0, line.indexOf(','))).toList();
                assertEquals(epochs.stream().distinct().toList(), epochs, "rows twice");
            }
        } catch (PackedFormatException e) {
            throw new AssertionError(file + " is damaged", e);
        }
    }

    static void assertSameResults(Path expected, Path actual) throws IOException {
        for (String file : List.of("model.darq", "metrics.csv", "layers.csv", "lambdas.csv", "allocation.csv",
                "config.yaml",
                "agreement.json", "insight.md",
                "baselines/float32.safetensors")) {
            assertArrayEquals(Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(actual.resolve(file)),
                    file);
        }
    }
}
