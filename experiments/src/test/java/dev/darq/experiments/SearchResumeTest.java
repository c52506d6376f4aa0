package dev.darq.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.journal.ResumeException;
import dev.darq.experiments.journal.StopRequest;
import dev.darq.experiments.journal.StoppedException;
import dev.darq.kernels.Disk;
import dev.darq.search.DivergedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that was left at any step and taken up again ends like one that never was, byte for byte. */
class SearchResumeTest {
    private static final String YAML = """
            name: tiny
            data: { path: none, validation: 0.25 }
            network: { layers: [16, 12, 10], activation: relu }
            quantizers: { stochastic-sign: true, clip: mse }
            space:
              weights: [sign1, xnor1, ternary2, lq2, lqg2, lsq4, lsq+4, pact4, uniform4, affine4, float32]
              activations: [lq2, lqg2, lsq4, lsq+4, pact4, uniform4, affine4, token8, float32]
            training: { batch-size: 50, learning-rate: 0.01, weight-decay: 0.01 }
            search: { warmup-epochs: 2, epochs: 3, settling-epochs: 1, cost: { model: bit-operations, target: 0.03 } }
            finetune: { epochs: 2 }
            baselines: [lsq4]
            """;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;
    private final StringWriter said = new StringWriter();

    private static ExperimentConfig config(String... overrides) {
        return ExperimentConfig.parse("tiny.yaml", YAML, List.of(overrides));
    }

    @BeforeAll
    static void runWithoutInterruption() throws IOException {
        SearchExperiment.run(config(), PatternImages.DATA, RunContext.fresh(shared),
                new PrintWriter(new StringWriter()));
    }

    @AfterEach
    void letTheDiskWork() {
        Disk.works();
    }

    /** What a run with this request leaves undone when it asks to stop for the so-many-th time. */
    private static StopRequest afterCalls(int calls, Runnable otherwise) {
        AtomicInteger made = new AtomicInteger();
        return () -> {
            if (made.incrementAndGet() < calls) {
                return 0;
            }
            otherwise.run();
            return 2;
        };
    }

    private Comparison run(boolean resumes, StopRequest stop, String... overrides) throws IOException {
        return SearchExperiment.run(config(overrides), PatternImages.DATA, new RunContext(folder, resumes, stop),
                new PrintWriter(said, true));
    }

    private static String messageOf(Class<? extends Exception> type, Executable refused) {
        return String.valueOf(assertThrows(type, refused).getMessage());
    }

    private static void assertSameResults(Path expected, Path actual) throws IOException {
        for (String file : List.of("model.darq", "metrics.csv", "layers.csv", "lambdas.csv", "allocation.csv",
                "allocation.json", "allocation.md",
                "agreement.json", "baselines/float32.safetensors", "baselines/lsq4.darq")) {
            assertArrayEquals(Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(actual.resolve(file)),
                    file);
        }
        try (Stream<Path> files = Files.walk(actual)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")), "an unfinished file was left");
        }
    }

    /** Goes on with the run in the folder up to its last part, which only measures latencies. */
    private void goOnAndCompare(String... overrides) throws IOException {
        StopRequest whenAllIsTrained = () -> Files.exists(folder.resolve("baselines/lsq4.darq")) ? 2 : 0;
        assertThrows(StoppedException.class, () -> run(true, whenAllIsTrained, overrides));
        assertSameResults(shared, folder);
    }

    /** The comparison without its latencies, the last three columns. */
    private static List<String> untimed(Path run) throws IOException {
        return Files.readAllLines(run.resolve("comparison.csv")).stream()
                .map(line -> line.replaceAll("(,[^,]*){3}$", "")).toList();
    }

    @Test
    void leftAgainAndAgainInEveryStageItEndsTheSame() throws IOException {
        int stops = 0;
        List<String> places = new ArrayList<>();
        boolean complete = false;
        while (!complete) {
            try {
                // Every time a bit later in the stages, so that steps within epochs and their ends are hit; once among the
                // latencies, which begin anew every time.
                boolean measured = !places.isEmpty() && places.getLast().contains("latencies");
                run(stops > 0, measured ? () -> 0 : afterCalls(40 + stops % 7, () -> {}));
                complete = true;
            } catch (StoppedException e) {
                assertEquals(130, e.exitCode());
                stops++;
                places.add(String.valueOf(e.getMessage()));
            }
        }
        assertEquals(untimed(shared), untimed(folder));
        assertTrue(stops > 10, "stopped " + stops + " times");
        for (String stage : List.of("'warm-up'", "'search'", "'settling'", "'fine-tuning'", "'float32'",
                "'uniform 4/4 (lsq4)'")) {
            assertTrue(places.stream().anyMatch(place -> place.endsWith(stage)), stage + " was never left: " + places);
        }
        assertSameResults(shared, folder);
    }

    @Test
    void whatIsLostBehindTheLastCheckpointIsDoneAgainWithoutDuplicateRows() throws IOException {
        int[] crashes = {150, 90, 200, 77, 333};
        for (int i = 0; i < crashes.length; i++) {
            StopRequest powerCut = afterCalls(crashes[i], () -> {
                throw new AssertionError("power cut");
            });
            boolean resumes = i > 0;
            assertThrows(AssertionError.class, () -> run(resumes, powerCut, "checkpoints.every=13"));
        }
        goOnAndCompare("checkpoints.every=17");
        assertEquals(3, Files.readAllLines(folder.resolve("metrics.csv")).size());
    }

    /** Second order, samples, other multipliers, and a search that ends before its last epoch: each has state of its own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "order: second, relaxation: { type: gumbel-softmax }, error: { weighting: uncertainty }",
            "order: single-level, relaxation: { type: gumbel-hard, entropy: { weight: 0.01 } }, error: { target: 0.01 }",
            "early-stopping: { curvature: { factor: 1.0001, window: 1 } }"})
    void everyKindOfSearchGoesOn(String kind, @TempDir Path whole) throws IOException {
        String search = "search={ warmup-epochs: 1, epochs: 4, cost: { target: 0.03 }, " + kind + " }";
        StopRequest whenPacked = () -> Files.exists(whole.resolve("model.darq")) ? 2 : 0;
        assertThrows(StoppedException.class, () -> SearchExperiment.run(config(search, "finetune.epochs=1"),
                PatternImages.DATA, new RunContext(whole, false, whenPacked), new PrintWriter(said)));
        for (int stops = 0; !Files.exists(folder.resolve("model.darq")); stops++) {
            boolean resumes = stops > 0;
            StopRequest later = afterCalls(29 + stops % 5, () -> {});
            assertThrows(StoppedException.class, () -> run(resumes,
                    () -> Files.exists(folder.resolve("model.darq")) ? 2 : later.signal(), search,
                    "finetune.epochs=1"));
        }
        for (String file : List.of("model.darq", "metrics.csv", "layers.csv", "lambdas.csv", "allocation.csv")) {
            assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(folder.resolve(file)), file);
        }
    }

    @Test
    void aDamagedNewestCheckpointCostsOnlyTheWorkSinceTheOneBefore() throws IOException {
        assertThrows(StoppedException.class, () -> run(false, afterCalls(200, () -> {})));
        try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
            Path newest = files.sorted().toList().getLast();
            Files.write(newest, new byte[] {1, 2, 3});
        }
        goOnAndCompare();
        assertTrue(said.toString().contains("A checkpoint is damaged, the one before it is taken"), said.toString());
    }

    @Test
    void aFullDiskEndsTheRunWhichGoesOnWhenThereIsRoom() throws IOException {
        Disk.at("written", "checkpoints", 5, () -> {
            throw new IOException("No space left on device");
        });
        String message = messageOf(UncheckedIOException.class, () -> run(false, StopRequest.NEVER));
        assertTrue(message.contains("No space left on device") && message.contains("00000004.safetensors"), message);
        Disk.works();
        goOnAndCompare();
    }

    @Test
    void anotherConfigurationOrOtherDataAreRefused() throws IOException {
        assertThrows(StoppedException.class, () -> run(false, afterCalls(20, () -> {})));
        String other = messageOf(ResumeException.class, () -> run(true, StopRequest.NEVER, "seed=2"));
        assertTrue(other.endsWith("is of another configuration: 'seed: 1' there, 'seed: 2' here"), other);
        byte[] labels = PatternImages.DATA.train().labels().clone();
        labels[7]++;
        DataSet changed = new DataSet("changed", 16, 10,
                new DataSet.Split(PatternImages.DATA.train().images(), labels), PatternImages.DATA.test());
        String data = messageOf(ResumeException.class, () -> SearchExperiment.run(config(), changed,
                new RunContext(folder, true, StopRequest.NEVER), new PrintWriter(said)));
        assertTrue(data.contains("is of another data set"), data);
    }

    @Test
    void aFolderWithoutARunOrWithACompleteOneHasNothingToResume() {
        assertTrue(messageOf(ResumeException.class, () -> run(true, StopRequest.NEVER))
                .endsWith("has no checkpoint, so there is nothing to resume"));
        String complete = messageOf(ResumeException.class, () -> SearchExperiment.run(config(), PatternImages.DATA,
                new RunContext(shared, true, StopRequest.NEVER), new PrintWriter(said)));
        assertTrue(complete.endsWith("is complete, so there is nothing to resume"), complete);
    }

    @Test
    void aDivergedRunKeepsItsLastGoodCheckpoint() throws IOException {
        String[] wild = {"training.learning-rate=10", "training.weight-decay=1", "checkpoints.every=10"};
        DivergedException diverged = assertThrows(DivergedException.class,
                () -> run(false, StopRequest.NEVER, wild));
        assertTrue(String.valueOf(diverged.getMessage()).startsWith("warm-up diverged at step "), diverged.toString());
        assertTrue(said.toString().contains("The last good checkpoint is kept in "), said.toString());
        DivergedException again = assertThrows(DivergedException.class, () -> run(true, StopRequest.NEVER, wild));
        assertEquals(diverged.getMessage(), again.getMessage(), "it can be taken up, and comes to the same end");
    }

    @Test
    void aRunOfSeveralSeedsGoesOnWithTheSeedThatWasUnderWay() throws IOException {
        List<ExperimentConfig> configs = List.of(config("seed=1"),
                config("seed=2", "search.epochs=1", "search.settling-epochs=0"));
        PrintWriter out = new PrintWriter(said);
        StopRequest inTheSecond = () -> Files.exists(folder.resolve("seed-2/metrics.csv")) ? 15 : 0;
        assertEquals(143, assertThrows(StoppedException.class, () -> SearchExperiment.runAll(configs,
                PatternImages.DATA, new RunContext(folder, false, inTheSecond), out)).exitCode());
        assertFalse(Files.exists(folder.resolve("seed-2/model.darq")));
        SearchExperiment.runAll(configs, PatternImages.DATA, new RunContext(folder, true, StopRequest.NEVER), out);
        assertSameResults(shared, folder.resolve("seed-1"));
        assertTrue(Files.exists(folder.resolve("summary.csv")));
        assertThrows(ResumeException.class, () -> SearchExperiment.runAll(configs, PatternImages.DATA,
                new RunContext(folder, true, StopRequest.NEVER), out));
    }
}
