package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** FORMAT.md says enough to write a reader: {@link FormatReader} is one, and computes what a session computes. */
class FormatTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    static Stream<PackedModel> models() {
        Random random = new Random(44);
        ActivationCode offset = new UniformActivation(8, 0.03f, -1, 0, 255);
        ActivationCode eight = new LevelActivation(new float[] {-0.1f, 0.2f, 0.3f, 0.5f, 0.8f, 1.3f, 2, 3}, 0.1f);
        PackedModel large = new PackedModel(List.of(
                TestModels.binary(random, "fc1", 127, 784, 2, new LevelActivation(new float[] {0.5f, 1}, 0.2f)),
                new Activation("gelu", ActivationFunction.GELU), TestModels.binary(random, "fc2", 65, 127, 3, offset),
                new Activation("sigmoid", ActivationFunction.SIGMOID),
                TestModels.binary(random, "fc3", 10, 65, 8, eight)), Map.of());
        return Stream.concat(TestModels.several(), Stream.of(large));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aReaderWrittenFromTheDescriptionComputesTheSame(PackedModel model) throws IOException {
        Path path = directory.resolve("model.darq");
        model.save(path);
        assertSame(new FormatReader(path), model.session(), KernelCases.gaussian(new Random(1), model.inputs()));
        float[] special = new float[model.inputs()];
        Arrays.fill(special, -0f);
        special[0] = 1e-40f;
        assertSame(new FormatReader(path), model.session(), special);
    }

    /** Operation by operation on the session's own vectors: a difference in rounding then cannot move a code. */
    private static void assertSame(FormatReader reader, Session session, float[] x) {
        assertEquals(session.operations(), reader.operations());
        for (int i = 0; i < session.operations(); i++) {
            float[] y = new float[session.outputsOf(i)];
            session.runOperation(i, x, y);
            double[] expected = reader.run(i, x);
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            for (int k = 0; k < y.length; k++) {
                int index = k;
                int operation = i;
                assertEquals(expected[k], y[k], 1e-5 * (1 + largest),
                        () -> "operation " + operation + " [" + index + "]");
            }
            x = y;
        }
    }

    @Test
    void theExampleInTheDescriptionIsRight() throws IOException {
        String description = Files.readString(Path.of("FORMAT.md"));
        Matcher example = Pattern.compile("`(version-2\\.darq)`\\D+(70) times ([0-9.]+)\\D+`\\[([-0-9., ]+)]`")
                .matcher(description);
        assertTrue(example.find(), "no example in FORMAT.md");
        Path path = directory.resolve(example.group(1));
        try (InputStream golden = FormatTest.class.getResourceAsStream(example.group(1))) {
            Files.write(path, Objects.requireNonNull(golden).readAllBytes());
        }
        float[] x = new float[Integer.parseInt(example.group(2))];
        Arrays.fill(x, Float.parseFloat(example.group(3)));
        double[] expected = Stream.of(example.group(4).split(", ")).mapToDouble(Double::parseDouble).toArray();
        float[] y = new float[expected.length];
        PackedModel.load(path).session().run(x, y);
        FormatReader reader = new FormatReader(path);
        for (int i = 0; i < reader.operations(); i++) {
            double[] next = reader.run(i, x);
            x = new float[next.length];
            for (int k = 0; k < x.length; k++) {
                x[k] = (float) next[k];
            }
        }
        for (int k = 0; k < expected.length; k++) {
            assertEquals(expected[k], y[k], 1e-5, () -> "session " + Arrays.toString(y));
            assertEquals(expected[k], x[k], 1e-5);
        }
        assertEquals("every kind", reader.user("name"));
    }
}
