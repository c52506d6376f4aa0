package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.data.IdxFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole comparison on images made for the test. */
class ParetoCommandTest {
    private record Ending(int code, String out, String err) {}

    @TempDir
    private Path folder;

    @BeforeEach
    void writeData() throws IOException {
        IdxFolder.writePatterns(folder.resolve("data"), 300, 100);
        Files.writeString(folder.resolve("small.yaml"), """
                name: small
                threads: 1
                data: { path: '%s' }
                network: { layers: [16, 8, 10] }
                space: { weights: [lq1, lsq+4], activations: [lq1, uniform8] }
                training: { batch-size: 20, learning-rate: 0.01 }
                search: { warmup-epochs: 1, epochs: 2, cost: { target: 0.5 } }
                finetune: { epochs: 1 }
                pareto:
                  budgets: [0.008, 0.03]
                  random: 2
                  window: 0.9
                  exhaustive: true
                  subspaces: [{ weights: [lq1], activations: [lq1, uniform8] }]
                results: { directory: '%s' }
                """.formatted(folder.resolve("data"), folder.resolve("runs")));
    }

    private Ending pareto(String... arguments) {
        CommandLine line = Darq.commandLine((seeds, data, run, out) -> {}, List.of());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = Stream.concat(Stream.of("pareto"), Arrays.stream(arguments))
                .map(argument -> argument.replace("@", folder + "/")).toArray(String[]::new);
        return new Ending(Darq.execute(line, all), out.toString(), err.toString());
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    @Test
    void oneCommandLeavesPointsTablesPlotsAndAVerdictWhateverTheNumberOfProcesses() throws IOException {
        Ending ending = pareto("@small.yaml", "--seeds", "1,2", "--run", "@one");
        assertEquals("", ending.err());
        assertEquals(0, ending.code());
        // A seed has float32, 4 uniform, 16 of all, 2 + 2 random, and for 2 budgets: integer program, greedy, searched in
        // two spaces, retrained.
        assertEquals(1 + 2 * (1 + 4 + 16 + 4 + 2 * 5), read("one/points.csv").lines().count(), read("one/points.csv"));
        for (String file : List.of("pareto.md", "pareto.csv", "pareto.json", "verdict.csv", "environment.json")) {
            assertTrue(Files.size(folder.resolve("one").resolve(file)) > 0, file);
        }
        assertTrue(Files.exists(folder.resolve("one/accuracy-bit-operations.png"))
                && Files.exists(folder.resolve("one/accuracy-bytes.png"))
                || ending.out().contains("this machine cannot draw text"), ending.out());
        for (String claim : List.of("within 0.1 points of the true Pareto front", "same or higher cost", "random",
                "not below the integer program", "as the budget rises", "more candidates")) {
            assertTrue(read("one/verdict.md").contains(claim), claim);
        }
        Ending side = pareto("@small.yaml", "--seeds", "1,2", "--run", "@two", "--processes", "2");
        assertEquals("", side.err());
        for (String file : List.of("points.csv", "pareto.csv", "verdict.md")) {
            assertEquals(read("one/" + file), read("two/" + file), file);
        }
    }

    @Test
    void aBudgetThatNoSchemeIsCloseUnderIsSaidBeforeTrainingAndInTheVerdict() throws IOException {
        Ending ending = pareto("@small.yaml", "--run", "@one", "--set",
                "pareto={ budgets: [0.9], random: 0, greedy: false,"
                        + " integer-program: false, subspaces: [{ weights: [lq1], activations: [lq1] }] }");
        assertEquals("", ending.err());
        String note = "no scheme of this space is within 2 % under the bit-operations target 90 %, the nearest has 3.125 %";
        assertTrue(ending.out().indexOf("note: " + note) < ending.out().indexOf("float32 network trained"),
                ending.out());
        assertTrue(ending.out().contains("note: " + note), ending.out());
        assertTrue(read("one/verdict.md").contains(note), read("one/verdict.md"));
        assertTrue(read("one/verdict.md").contains("Subspace 1: no scheme"), read("one/verdict.md"));
    }

    @Test
    void whatIsThereIsNotTrainedAgain() throws IOException {
        assertEquals(0, pareto("@small.yaml", "--run", "@one", "--set", "pareto.exhaustive=false").code());
        String points = read("one/points.csv");
        List<Path> trained;
        try (Stream<Path> files = Files.list(folder.resolve("one/schemes/seed-1"))) {
            trained = files.sorted().toList();
        }
        FileTime old = FileTime.fromMillis(1_000_000);
        for (Path file : trained) {
            Files.setLastModifiedTime(file, old);
        }
        Files.delete(trained.getFirst());
        Files.delete(folder.resolve("one/points.csv"));
        Ending again = pareto("@small.yaml", "--run", "@one", "--set", "pareto.exhaustive=false");
        assertEquals("", again.err());
        assertTrue(again.out().startsWith("Going on in "), again.out());
        assertEquals(points, read("one/points.csv"));
        assertTrue(Files.getLastModifiedTime(trained.getFirst()).compareTo(old) > 0);
        for (Path file : trained.subList(1, trained.size())) {
            assertEquals(old, Files.getLastModifiedTime(file), file.toString());
        }
        Ending other = pareto("@small.yaml", "--run", "@one");
        assertEquals(2, other.code());
        assertEquals(
                "darq: --run " + folder.resolve("one") + ": holds a run of another configuration, expected the same"
                        + " one to go on with, or a folder that is new or empty\n",
                other.err());
    }

    @Test
    void aWorkersErrorIsToldInOneLine() throws IOException {
        Files.createDirectories(folder.resolve("one"));
        Files.writeString(folder.resolve("one/trunks"), "no folder");
        assertEquals(0, pareto("@small.yaml", "--run", "@fresh", "--set", "pareto.exhaustive=false").code());
        Files.copy(folder.resolve("fresh/config.yaml"), folder.resolve("one/config.yaml"));
        Ending ending = pareto("@small.yaml", "--run", "@one", "--set", "pareto.exhaustive=false", "--processes", "2");
        assertEquals(1, ending.code());
        assertTrue(ending.err().contains("trunks"), ending.err());
        assertEquals(1, ending.err().lines().count(), ending.err());
    }

    @Test
    void badInputLeavesNoFolderBehind() {
        for (String[] wrong : new String[][] {{"@none.yaml"}, {"@small.yaml", "--processes", "0"},
                {"@small.yaml", "--set", "pareto.budgets=[0.0001]"}, {"@small.yaml", "--run", "@data"},
                {"@small.yaml", "--set", "network.layers=[15,10]"}}) {
            Ending ending = pareto(wrong);
            assertEquals(2, ending.code(), ending.err());
            assertEquals(1, ending.err().lines().count(), ending.err());
            assertFalse(Files.exists(folder.resolve("runs")), "a folder was left behind");
        }
    }
}
