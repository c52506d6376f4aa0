package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.cli.SearchCommand.Experiment;
import dev.darq.experiments.data.IdxFolder;
import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.PackedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DarqTest {
    /** How a command ended and what it said. */
    private record Ending(int code, String out, String err) {}

    @TempDir
    private Path folder;
    private Experiment experiment = (seeds, data, run, out) -> out
            .println("searched " + seeds.getFirst().name() + " on "
                    + data.train().count() + " images into " + run.folder().getFileName());

    @BeforeEach
    void writeData() throws IOException {
        IdxFolder.write(folder.resolve("data"));
        Files.writeString(folder.resolve("small.yaml"), """
                name: small
                data: { path: '%s', validation: 0.4 }
                network: { layers: [4, 10] }
                space: { weights: [lq1], activations: [lq1] }
                search: { cost: { target: 0.5, slack: 1 } }
                finetune: {}
                results: { directory: '%s' }
                """.formatted(folder.resolve("data"), folder.resolve("runs")));
    }

    private Ending darq(String... arguments) {
        CommandLine line = Darq.commandLine(experiment, List.of());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = Darq.execute(line, Arrays.stream(arguments)
                .map(argument -> argument.replace("@", folder + "/")).toArray(String[]::new));
        return new Ending(code, out.toString(), err.toString());
    }

    private void refuses(String message, String... arguments) throws IOException {
        Ending ending = darq(arguments);
        assertEquals("darq: " + message.replace("@", folder + "/") + "\n", ending.err());
        assertEquals(2, ending.code());
        assertEquals("", ending.out());
        assertFalse(Files.exists(folder.resolve("runs")), "a folder was left behind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "search", "calibrate", "finetune", "quantize", "evaluate", "inspect", "bench", "data",
            "data fetch", "thesis", "pareto"})
    void everyCommandHasHelpThatHelps(String command) {
        String[] arguments = Stream.concat(Arrays.stream(command.split(" ", -1)).filter(word -> !word.isEmpty()),
                Stream.of("--help")).toArray(String[]::new);
        Ending ending = darq(arguments);
        assertEquals(0, ending.code());
        assertEquals("", ending.err());
        for (String part : List.of("Usage: darq", "--help", "--version", "--debug", "Exit codes:", "the run failed",
                "wrong use or bad input")) {
            assertTrue(ending.out().contains(part), () -> part + " is missing in\n" + ending.out());
        }
    }

    @Test
    void itKnowsItsVersion() {
        assertTrue(darq("--version").out().matches("darq \\d+\\.\\d+\\.\\d+.*\\R"), darq("--version").out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "serch a.yaml       | Unmatched arguments from index 0: 'serch', 'a.yaml', did you mean search or bench?",
            "search             | Missing required parameter: 'CONFIG'",
            "search a b         | Unmatched argument at index 2: 'b'",
            "search a --rum     | Unknown option: '--rum', did you mean --run",
            "evaluate a.darq    | Missing required option: '--data=NAME",
            "data               | what to do with data is missing: fetch"})
    void wrongUseIsOneLineAndAHint(String command, String message) {
        Ending ending = darq(command.split(" +", -1));
        assertTrue(ending.err().startsWith("darq: " + message), ending.err());
        assertEquals(2, ending.err().lines().count(), ending.err());
        assertTrue(ending.err().contains("--help'"), ending.err());
        assertEquals(2, ending.code());
    }

    @Test
    void withoutACommandItNamesThem() {
        assertTrue(
                darq().err()
                        .startsWith(
                                "darq: which command is missing: search, finetune, calibrate, pareto, quantize, evaluate,"),
                darq().err());
        assertEquals(2, darq().code());
    }

    @Test
    void aSearchGetsItsConfigurationDataAndFolder() {
        Ending ending = darq("search", "@small.yaml", "--set", "name=other", "--run", "@mine");
        assertEquals(new Ending(0, "searched other on 3 images into mine\n", ""), ending);
        assertTrue(Files.isDirectory(folder.resolve("mine")));
    }

    @Test
    void aRunFolderCarriesNameAndTime() throws IOException {
        assertEquals(0, darq("search", "@small.yaml").code());
        assertEquals(0, darq("search", "@small.yaml").code());
        try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
            List<String> names = runs.map(run -> String.valueOf(run.getFileName())).toList();
            assertEquals(2, names.size());
            assertTrue(names.stream().allMatch(name -> name.matches("small-\\d{8}-\\d{6}(-2)?")), names.toString());
        }
    }

    @Test
    void badInputLeavesNoFolderBehind() throws IOException {
        refuses("@none.yaml: no such file", "search", "@none.yaml", "--run", "@runs");
        refuses("--set 'seed=x': must be a whole number, got 'x'", "search", "@small.yaml", "--set", "seed=x");
        refuses("--set 'network.layers.0=5': must be 4, the pixels of an image of @data, got 5", "search",
                "@small.yaml",
                "--run", "@runs", "--set", "network.layers.0=5");
        refuses("--checkpoint-every 0: expected a number of steps, at least 1, or 'epoch'", "search", "@small.yaml",
                "--checkpoint-every", "0");
        Path wide = folder.resolve("wide.yaml");
        Files.writeString(wide, Files.readString(folder.resolve("small.yaml")).replace("[4, 10]", "[4, 11]"));
        refuses("@wide.yaml:3:24: network.layers.1: must be 10, the classes of @data, got 11", "search", "@wide.yaml");
        refuses("--set 'data.validation=0.1': leaves 0 of 3 images, at least 1 is needed", "search", "@small.yaml",
                "--set",
                "data.validation=0.1");
    }

    @Test
    void aRunFolderMustBeNewOrEmpty() throws IOException {
        refuses("--run @data: is not empty, expected a folder that is new or empty", "search", "@small.yaml", "--run",
                "@data");
        refuses("--run @small.yaml: is a file, expected a folder that is new or empty", "search", "@small.yaml",
                "--run",
                "@small.yaml");
        Files.createDirectory(folder.resolve("empty"));
        assertEquals(0, darq("search", "@small.yaml", "--run", "@empty").code());
    }

    @Test
    void damagedDataIsWrongInput() throws IOException {
        Files.delete(folder.resolve("data/train-labels-idx1-ubyte"));
        refuses("@data: lacks train-labels-idx1-ubyte (each may be gzipped, .gz)", "search", "@small.yaml");
    }

    @Test
    void aFailedRunIsOneLineUnlessDebugged() {
        experiment = (seeds, data, run, out) -> {
            throw new IOException("no space\nleft");
        };
        assertEquals(new Ending(1, "", "darq: IOException: no space left (--debug shows where)\n"),
                darq("search", "@small.yaml"));
        for (Ending ending : List.of(darq("search", "@small.yaml", "--debug"),
                darq("--debug", "search", "@small.yaml"))) {
            assertEquals(1, ending.code());
            assertTrue(ending.err().startsWith("darq: IOException: no space left\njava.io.IOException: "),
                    ending.err());
        }
    }

    @Test
    void runningOutOfMemorySaysHowToGetMore() {
        experiment = (seeds, data, run, out) -> {
            throw new OutOfMemoryError("Java heap space");
        };
        Ending ending = darq("search", "@small.yaml");
        assertEquals(1, ending.code());
        assertEquals("darq: out of memory; DARQ_JAVA_OPTS=-Xmx4g gives more\n", ending.err());
    }

    private Path model(int inputs) throws IOException {
        Path file = folder.resolve("model.darq");
        int[] codes = new int[3 * inputs];
        new PackedModel(List.of(
                new Linear("hidden",
                        BinaryCode.fromCodes(3, inputs, 2, new float[] {1, 2, 1, 2, 1, 2}, new float[3], codes),
                        new LevelActivation(new float[] {0.5f}, 0.5f), new float[3]),
                new Activation("tanh", ActivationFunction.TANH),
                new Linear("output", new FloatWeights(10, 3, 16, new float[30]), new FloatActivation(32),
                        new float[] {0, 1, 0, 0, 0, 0, 0, 0, 0, 0})),
                Map.of("name", "small")).save(file);
        return file;
    }

    @Test
    void inspectShowsOperationsBitsAndBytes() throws IOException {
        Path file = model(4);
        Ending ending = darq("inspect", file.toString());
        assertEquals("", ending.err());
        assertTrue(ending.out().startsWith("""
                | operation | shape  | weights      | activations  | bytes | bit operations |
                | --------- | ------ | ------------ | ------------ | ----: | -------------: |
                | hidden    | 3 x 4  | 2 bit planes | 1 bit levels |    54 |             24 |
                | tanh      | tanh   | -            | -            |     - |              - |
                | output    | 10 x 3 | float16      | float32      |   100 |         15,360 |
                | total     | -      | -            | -            |   154 |         15,384 |
                """), ending.out());
        assertTrue(ending.out().contains(" bytes, 4 inputs, 10 outputs\n"), ending.out());
        assertTrue(ending.out().contains("name: small\n"), ending.out());
    }

    @Test
    void evaluateCountsRightAnswers() throws IOException {
        Ending ending = darq("evaluate", model(4).toString(), "--data", "@data");
        assertEquals("", ending.err());
        assertTrue(ending.out().startsWith("accuracy: 50.00 % (1 of 2 test images of "), ending.out());
        assertTrue(ending.out().contains(" microseconds an inference (median, "), ending.out());
    }

    @Test
    void modelsThatDoNotFitOrAreDamagedAreWrongInput() throws IOException {
        Path file = model(5);
        refuses(file + ": takes 5 inputs and tells 10 classes apart, @data has 4 and 10", "evaluate", file.toString(),
                "--data", "@data");
        refuses("@none.darq: no such file", "inspect", "@none.darq");
        refuses("@data: is a directory, expected a packed model (.darq)", "inspect", "@data");
        Files.write(file, new byte[] {1, 2, 3});
        Ending ending = darq("inspect", file.toString());
        assertEquals(2, ending.code());
        assertTrue(ending.err().startsWith("darq: " + file + ": "), ending.err());
        assertEquals(1, ending.err().lines().count());
    }

    @Test
    void anUnknownDataSetIsNamed() throws IOException {
        refuses("unknown data set 'mnits', expected one of [mnist, fashion-mnist]", "data", "fetch", "mnits");
        refuses("'mnits' is neither a known data set [mnist, fashion-mnist] nor a folder", "evaluate",
                model(4).toString(), "--data",
                "mnits");
    }
}
