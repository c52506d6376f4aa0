package dev.darq.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.FinetuneTable.Row;
import dev.darq.experiments.config.FinetuneConfig;
import dev.darq.kernels.PackedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a configuration to the packed variants and their table, on images made for the test. */
class FinetuneExperimentTest {
    private static final String YAML = """
            name: tiny
            data: { path: none, validation: 0.25 }
            network: { layers: [16, 12, 10], activation: relu }
            batch-size: 20
            float: { epochs: 4, learning-rate: 0.01 }
            finetune: { epochs: 4, learning-rate: 0.01, keep: best, distillation: { weight: 0.5 } }
            variants:
              - { name: two, weights: lq2, activations: lq2, finetune: { schedule: { type: bits, bits: [8, 4] } } }
              - { name: mixed, weights: lsq4, activations: pact4, layers: { linear2: { weights: lq1 } } }
            """;

    @TempDir
    private Path folder;

    private static FinetuneConfig config(String... overrides) {
        return FinetuneConfig.parse("tiny.yaml", YAML, List.of(overrides));
    }

    private List<Row> run(String name, FinetuneConfig config) throws IOException {
        return FinetuneExperiment.run(config, PatternImages.DATA, Files.createDirectory(folder.resolve(name)),
                new PrintWriter(new StringWriter()));
    }

    @Test
    void aRunLeavesATableAndPackedVariantsAndRepeatsByteForByte() throws IOException {
        List<Row> rows = run("one", config());
        assertEquals(rows, run("two", config()));
        assertEquals(List.of("float32", "two", "mixed"), rows.stream().map(Row::name).toList());
        assertEquals(List.of("float32/float32", "lq2/lq2", "lsq4/pact4, lq1/pact4"),
                rows.stream().map(Row::candidates).toList());
        for (Row row : rows) {
            Path file = folder.resolve("one").resolve(row.name()).resolve("model.darq");
            assertEquals(Files.size(file), row.bytes());
            assertEquals(row.accuracy(), row.packed(), 0.005);
            assertTrue(row.packed() > rows.getFirst().packed() - 0.1, rows.toString());
            assertArrayEquals(Files.readAllBytes(file),
                    Files.readAllBytes(folder.resolve("two").resolve(row.name()).resolve("model.darq")));
        }
        assertEquals((16 * 12 + 12 * 10) * 4, rows.get(1).bitOperations());
        assertEquals(16 * 12 * 16 + 12 * 10 * 4, rows.get(2).bitOperations());
        for (String file : List.of("environment.json", "variants.md", "variants.csv", "variants.json",
                "two/agreement.json")) {
            assertTrue(Files.size(folder.resolve("one").resolve(file)) > 0, file);
        }
        assertEquals(config(), FinetuneConfig.load(folder.resolve("one/config.yaml"), List.of()));
        assertEquals(1 + 3 * 4, Files.readAllLines(folder.resolve("one/metrics.csv")).size());
    }

    @Test
    void aFloatNetworkThatIsReadIsNotTrained() throws IOException {
        run("one", config("variants.1.name=other"));
        Path model = folder.resolve("one/float32/model.darq");
        List<Row> rows = run("two", config("network={from: '" + model + "'}"));
        assertArrayEquals(PackedModel.load(model).operations().stream().map(Object::getClass).toArray(),
                PackedModel.load(folder.resolve("two/float32/model.darq")).operations().stream().map(Object::getClass)
                        .toArray());
        assertEquals(1 + 2 * 4, Files.readAllLines(folder.resolve("two/metrics.csv")).size());
        assertArrayEquals(Files.readAllBytes(folder.resolve("one/two/model.darq")),
                Files.readAllBytes(folder.resolve("two/two/model.darq")));
        assertEquals("two", rows.get(1).name());
    }

    @Test
    void severalSeedsAreSummarised() throws IOException {
        StringWriter said = new StringWriter();
        FinetuneExperiment.runAll(
                List.of(config("seed=1", "finetune.epochs=1"),
                        config("seed=2", "finetune.epochs=1", "data.validation=0.1")),
                PatternImages.DATA, folder, new PrintWriter(said));
        assertTrue(Files.exists(folder.resolve("seed-1/mixed/model.darq")));
        assertTrue(Files.exists(folder.resolve("seed-2/mixed/model.darq")));
        assertEquals(4, Files.readAllLines(folder.resolve("summary.csv")).size());
        assertTrue(said.toString().contains("Over 2 seeds"), said.toString());
    }
}
