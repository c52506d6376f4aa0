package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.data.IdxFolder;
import dev.darq.experiments.model.OnnxFile;
import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
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
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QuantizeCommandTest {
    private record Ending(int code, String out, String err) {}

    @TempDir
    private Path folder;

    @BeforeEach
    void writeDataAndModel() throws IOException {
        IdxFolder.write(folder.resolve("data"));
        new PackedModel(List.of(linear("linear1", 8, 4), new Activation("tanh", ActivationFunction.TANH),
                linear("linear2", 10, 8)), Map.of()).save(folder.resolve("float.safetensors"));
    }

    private static float[] values(int count) {
        SplittableRandom random = new SplittableRandom(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Linear linear(String name, int rows, int columns) {
        return new Linear(name, new FloatWeights(rows, columns, 32, values(rows * columns)), new FloatActivation(32),
                new float[rows]);
    }

    private Ending quantize(String... arguments) {
        CommandLine line = Darq.commandLine((seeds, data, run, out) -> {}, List.of());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = Darq.execute(line, Stream.concat(Stream.of("quantize"), Arrays.stream(arguments))
                .map(argument -> argument.replace("@", folder + "/")).toArray(String[]::new));
        return new Ending(code, out.toString(), err.toString());
    }

    private void refuses(String message, String... arguments) {
        String[] all = Stream.concat(Arrays.stream(arguments), Stream.of("--out", "@out.darq")).toArray(String[]::new);
        Ending ending = quantize(all);
        assertEquals("darq: " + message.replace("@", folder + "/") + "\n", ending.err());
        assertEquals(2, ending.code());
        assertFalse(Files.exists(folder.resolve("out.darq")), "a file was left behind");
    }

    @Test
    void aFloatFileBecomesAPackedModel() throws IOException {
        Ending ending = quantize("@float.safetensors", "--bits", "w=2,a=3", "--layer", "linear2=uniform8/4", "--data",
                "@data", "--out", "@out.darq");
        assertEquals("", ending.err());
        assertEquals(0, ending.code());
        assertTrue(ending.out().contains("| linear1 | 4x8   | lq2      | lq3         |"), ending.out());
        assertTrue(ending.out().contains("| linear2 | 8x10  | uniform8 | lq4         |"), ending.out());
        assertTrue(ending.out().contains("on 2 of 2 test examples"), ending.out());
        PackedModel model = PackedModel.load(folder.resolve("out.darq"));
        assertEquals(2, ((Linear) model.operations().getFirst()).weights().bits());
        assertEquals("3", model.metadata().get("calibration"));
    }

    @Test
    void everyOptionTogetherRunsOnAnOnnxFile() throws IOException {
        new OnnxFile().raw("w", values(40), 10, 4).node("Gemm", Map.of("transB", 1), "w").node("Softmax", Map.of())
                .write(folder.resolve("mlp.onnx"));
        Ending ending = quantize("@mlp.onnx", "--bits", "1", "--scheme", "w=xnor,a=lq", "--error-compensation",
                "--no-channel-correction", "--seed", "3", "--calibration", "2", "--data", "@data", "--out",
                "@out.darq");
        assertEquals("", ending.err());
        assertTrue(ending.out().startsWith("Softmax at the end is left out"), ending.out());
        assertTrue(ending.out().contains("| linear1 | 4x10  | xnor1   | lq1         |"), ending.out());
    }

    @Test
    void badInputIsOneLine() throws IOException {
        String[] data = {"--data", "@data"};
        refuses("@none.darq: no such file", "@none.darq", "--bits", "3");
        refuses("@data: is a directory, expected a float network (.darq, .safetensors, .onnx)", "@data", "--bits", "3");
        refuses("--bits w=3: expected one value, or w=X,a=Y for weights and activations", "@float.safetensors",
                "--bits", "w=3");
        refuses("--bits 5: scheme 'lq' has no 5-bit form; it has [1, 2, 3, 4, 8]", "@float.safetensors", "--bits", "5");
        refuses("--layer linear3=2: expected LAYER=weights/activations with one of the layers [linear1, linear2]",
                "@float.safetensors", "--bits", "3", "--layer", "linear3=2");
        refuses("--bits 1: scheme 'xnor' does not quantize activations, for which another can be given (--scheme"
                + " w=X,a=Y)", "@float.safetensors", "--bits", "1", "--scheme", "xnor");
        refuses("--calibration 0: expected at least 1", "@float.safetensors", "--bits", "3", "--calibration", "0");
        refuses("layer linear1: errors are compensated for codes of at most 8 bits and whole channels, got uniform16",
                "@float.safetensors", "--bits", "16", "--scheme", "uniform", "--error-compensation");
        refuses("'nowhere' is neither a known data set [mnist, fashion-mnist] nor a folder", "@float.safetensors",
                "--bits", "3", "--data", "nowhere");
        assertEquals(0, quantize("@float.safetensors", "--bits", "3", data[0], data[1], "--out", "@q.darq").code());
        refuses("@q.darq: layer linear1 has 3-bit weights and 3-bit inputs, expected a float32 network", "@q.darq",
                "--bits", "2");
    }

    @Test
    void theFloatNetworkIsNeverOverwritten() {
        Ending ending = quantize("@float.safetensors", "--bits", "3", "--data", "@data", "--out",
                "@float.safetensors");
        assertEquals("darq: --out " + folder + "/float.safetensors: is the float network itself\n", ending.err());
        assertEquals(2, ending.code());
    }
}
