package dev.darq.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.config.CalibrationConfig;
import dev.darq.experiments.config.ConfigException;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.latency.LatencyFile;
import dev.darq.experiments.journal.StoppedException;
import dev.darq.kernels.PackedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, from a configuration to the packed model and the reports, on images made for the test. */
class SearchExperimentTest {
    private static final String YAML = """
            name: tiny
            data: { path: none, validation: 0.25 }
            network: { layers: [16, 12, 10], activation: relu }
            space: { weights: [lq2, lsq+4, float32], activations: [lq2, pact4, float32] }
            training: { batch-size: 20, learning-rate: 0.01 }
            search: { warmup-epochs: 3, epochs: 4, cost: { model: bit-operations, target: 0.02 } }
            finetune: { epochs: 4 }
            baselines: [uniform4]
            """;

    @TempDir
    private Path folder;

    private static ExperimentConfig config(String... overrides) {
        return ExperimentConfig.parse("tiny.yaml", YAML, List.of(overrides));
    }

    @Test
    void aRunLeavesEverythingAPersonOrAProgramNeedsAndRepeatsByteForByte() throws IOException {
        StringWriter said = new StringWriter();
        for (String run : List.of("one", "two")) {
            Comparison comparison = SearchExperiment.run(config(), PatternImages.DATA,
                    RunContext.fresh(Files.createDirectory(folder.resolve(run))),
                    new PrintWriter(said));
            assertEquals(List.of("float32", "uniform 4/4 (uniform4)", "searched (soft)", "searched (fine-tuned)",
                    "packed"), comparison.rows().stream().map(Comparison.Row::name).toList());
            Comparison.Row packed = comparison.rows().getLast();
            assertTrue(packed.accuracy() > comparison.rows().getFirst().accuracy() - 0.05, said.toString());
            assertTrue(packed.bitOperations() <= 0.02 * comparison.rows().getFirst().bitOperations());
        }
        for (String file : List.of("config.yaml", "environment.json", "metrics.csv", "allocation.md", "allocation.csv",
                "allocation.json", "comparison.md", "comparison.csv", "comparison.json", "agreement.json",
                "layers.csv", "insight.md")) {
            assertTrue(Files.size(folder.resolve("one").resolve(file)) > 0, file);
        }
        assertEquals(config(), ExperimentConfig.load(folder.resolve("one/config.yaml"), List.of()));
        List<String> metrics = Files.readAllLines(folder.resolve("one/metrics.csv"));
        assertEquals(4, metrics.size());
        for (String column : List.of("gap", "linear1 bit-operations", "linear1 weights expected bits",
                "linear2 activations error", "linear2 weights alpha lsq+4")) {
            assertTrue(List.of(metrics.getFirst().split(",")).contains(column), column + " in " + metrics.getFirst());
        }
        List<String> lambdas = Files.readAllLines(folder.resolve("one/lambdas.csv"));
        assertEquals("step,lambda bit-operations,lambda error", lambdas.getFirst());
        assertTrue(lambdas.size() > 20, "a row a step: " + lambdas.size());
        assertTrue(Files.exists(folder.resolve("one/lambdas.png")) || said.toString().contains("no lambdas.png: "),
                said.toString());
        // For each of 3 epochs and 2 layers the candidates of the weights and of the activations, 3 each.
        assertEquals(1 + 3 * 2 * 2 * 3, Files.readAllLines(folder.resolve("one/layers.csv")).size());
        assertTrue(said.toString().contains(Files.readString(folder.resolve("one/insight.md"))), said.toString());
        assertEquals(16, PackedModel.load(folder.resolve("one/model.darq")).inputs());
        assertArrayEquals(Files.readAllBytes(folder.resolve("one/model.darq")),
                Files.readAllBytes(folder.resolve("two/model.darq")));
        assertEquals(Files.readString(folder.resolve("one/allocation.csv")),
                Files.readString(folder.resolve("two/allocation.csv")));
        assertTrue(said.toString().contains("packed predictions equal the fake-quantized network's on"),
                said.toString());
    }

    @Test
    void aBudgetThatNoSchemeMeetsIsRefusedBeforeAnythingRuns() {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> SearchExperiment.check(config("search.cost.target=0.001")));
        assertTrue(refused.toString().contains("no scheme of the search space meets the bit-operations target 0.1 %"),
                refused.toString());
        SearchExperiment.check(config("search.cost.target=0.004"));
    }

    @Test
    void aSearchThatStopsEarlySaysSoAndGoesOnToThePackedModel() throws IOException {
        StringWriter said = new StringWriter();
        // Untrained at first, the network takes shape in the search, and the choices with it.
        SearchExperiment.run(config("baselines=[]", "search.warmup-epochs=0", "search.epochs=8",
                "training.learning-rate=0.0005", "search.relaxation.temperature={start: 1, end: 1}",
                "search.early-stopping={curvature: {window: 1, factor: 1.000001}}"), PatternImages.DATA,
                RunContext.fresh(folder),
                new PrintWriter(said));
        List<String> metrics = Files.readAllLines(folder.resolve("metrics.csv"));
        List<String> header = List.of(metrics.getFirst().split(","));
        assertTrue(Double.isFinite(Double.parseDouble(metrics.get(1).split(",")[header.indexOf("curvature")])));
        assertTrue(metrics.size() < 9, "all epochs were run: " + metrics);
        assertTrue(
                said.toString().contains("search stopped after epoch " + (metrics.size() - 1) + ": the curvature is "),
                said.toString());
        assertEquals(16, PackedModel.load(folder.resolve("model.darq")).inputs());
    }

    @Test
    void whatNoSchemeMeetsFromCloseBelowIsSaidBeforeAnythingRuns() {
        assertEquals(List.of(), SearchExperiment.check(config("search.cost.target=1")));
        List<String> notes = SearchExperiment.check(config("search.cost.target=0.9"));
        assertEquals(1, notes.size());
        assertTrue(notes.getFirst().startsWith("no scheme of this space is within 2 % under the bit-operations target "
                + "90 %, the nearest has "), notes.toString());
    }

    @Test
    void aLatencyIsPredictedAndMeasured() throws IOException {
        Path table = folder.resolve("latency.json");
        String[] changes = {"layers=[{match: 'linear*', tie: weights}, {match: linear2, pin: {activations: lq2}}]",
                "search.cost=[{model: latency, table: " + table + ", lambda: 0.1}]", "baselines=[]",
                "discretisation={perturbations: true, alphas: reset}"};
        CalibrationConfig calibration = CalibrationConfig.parse("tiny.yaml", YAML, List.of(changes));
        assertEquals(table, calibration.table());
        Calibration.run(calibration, new LatencyBenchmark.Effort(1_000_000, 100_000, 1, 5), part -> {}).write(table);
        ExperimentConfig config = config(changes);
        assertEquals(List.of(), SearchExperiment.check(config));
        StringWriter said = new StringWriter();
        Path run = Files.createDirectory(folder.resolve("run"));
        SearchExperiment.run(config, PatternImages.DATA, RunContext.fresh(run), new PrintWriter(said));
        assertTrue(said.toString().contains("latency of the packed model: predicted "), said.toString());
        assertTrue(Files.readString(run.resolve("latency.json")).contains("\"deviation\""));
        List<String> rows = Files.readAllLines(run.resolve("allocation.csv"));
        assertEquals(rows.get(1).split(",")[2], rows.get(2).split(",")[2], "the weights are tied");
        assertTrue(rows.get(2).contains("lq2"), rows.get(2));
        assertEquals(config, ExperimentConfig.load(run.resolve("config.yaml"), List.of()));
        String lacking = String.valueOf(assertThrows(ConfigException.class,
                () -> config("layers=[]", changes[1])).getMessage());
        assertTrue(lacking.contains("lacks 12x10, weights lq2, activations pact4 and "), lacking);
    }

    @Test
    void aLatencyTableOfAnotherProcessorIsRefused() throws IOException {
        Path table = folder.resolve("latency.json");
        String cost = "search.cost=[{model: latency, table: " + table + ", target: 1, slack: 1}]";
        CalibrationConfig calibration = CalibrationConfig.parse("tiny.yaml", YAML, List.of(cost));
        LatencyFile here = Calibration.run(calibration, new LatencyBenchmark.Effort(1_000_000, 100_000, 1, 5),
                part -> {});
        here.write(table);
        assertEquals(here, LatencyFile.read(table));
        Files.writeString(table, Files.readString(table).replaceFirst("\"cpu\": \".*\"", "\"cpu\": \"Abacus\""));
        ExperimentConfig config = config(cost);
        String refused = String
                .valueOf(assertThrows(ConfigException.class, () -> SearchExperiment.check(config)).getMessage());
        assertTrue(refused.contains("was measured on another processor, Abacus"), refused);
        Files.writeString(table, "{}");
        assertTrue(String.valueOf(assertThrows(ConfigException.class, () -> config(cost)).getMessage())
                .contains("is no latency table"));
    }

    @Test
    void severalSeedsAreSummarised() throws IOException {
        StringWriter said = new StringWriter();
        SearchExperiment.runAll(List.of(config("seed=1", "baselines=[]"), config("seed=2", "baselines=[]")),
                PatternImages.DATA,
                RunContext.fresh(folder), new PrintWriter(said));
        assertTrue(Files.exists(folder.resolve("seed-1/model.darq")));
        assertTrue(Files.exists(folder.resolve("seed-2/model.darq")));
        assertFalse(Files.exists(folder.resolve("model.darq")));
        assertEquals(5, Files.readAllLines(folder.resolve("summary.csv")).size());
        assertTrue(said.toString().contains("Over 2 seeds"), said.toString());
    }

    @Test
    void aTransformerIsSearchedButNotPackedAndRepeatsAndResumes() throws IOException {
        String[] network = {"network={ type: transformer, tokens: 4, features: 4, width: 8, depth: 1, heads: 2 }",
                "layers=[{ match: 'layer1.attention.{query,key,value}', tie: activations }]", "finetune.epochs=2",
                "search.cost.target=0.03"};
        StringWriter said = new StringWriter();
        Comparison comparison = SearchExperiment.run(config(network), PatternImages.DATA,
                RunContext.fresh(Files.createDirectory(folder.resolve("whole"))), new PrintWriter(said));
        assertEquals(List.of("float32", "uniform 4/4 (uniform4)", "searched (soft)", "searched (fine-tuned)"),
                comparison.rows().stream().map(Comparison.Row::name).toList());
        assertTrue(comparison.rows().getLast().accuracy() > 0.8, said.toString());
        assertTrue(said.toString().contains("Nothing is packed"), said.toString());
        assertFalse(Files.exists(folder.resolve("whole/model.darq")));
        List<String> allocation = Files.readAllLines(folder.resolve("whole/allocation.csv"));
        assertEquals(1, allocation.stream().filter(line -> line.matches("layer1.attention.(query|key|value),.*"))
                .map(line -> line.split(",")[4]).distinct().count(), "one choice for what they read: " + allocation);

        Path left = Files.createDirectory(folder.resolve("left"));
        AtomicInteger asked = new AtomicInteger();
        assertThrows(StoppedException.class, () -> SearchExperiment.run(config(network), PatternImages.DATA,
                new RunContext(left, false, () -> asked.incrementAndGet() < 70 ? 0 : 2), new PrintWriter(said)));
        SearchExperiment.run(config(network), PatternImages.DATA, new RunContext(left, true, () -> 0),
                new PrintWriter(said));
        for (String file : List.of("metrics.csv", "allocation.csv", "comparison.csv")) {
            assertEquals(Files.readString(folder.resolve("whole").resolve(file)),
                    Files.readString(left.resolve(file)), file);
        }
    }
}
