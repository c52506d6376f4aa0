package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java example of the README, as a program that has only what the README says it needs. */
class ReadmeTest {
    private static final int PIXELS = 784;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void itsExampleCompilesAndPredictsWhatTheModelPredicts() throws Exception {
        Random random = new Random(12);
        ActivationCode input = new LevelActivation(new float[] {0.1f, 0.2f}, 0.3f);
        PackedModel model = new PackedModel(List.of(TestModels.binary(random, "fc1", 32, PIXELS, 2, input),
                new Activation("tanh", ActivationFunction.TANH), TestModels.binary(random, "fc2", 10, 32, 2, input)),
                Map.of());
        model.save(directory.resolve("model.darq"));
        String classPath = location(PackedModel.class) + File.pathSeparator + location(JsonFactory.class);
        compile(example(), classPath);
        FreshJvm jvm = FreshJvm.run(directory, "." + File.pathSeparator + classPath, FreshJvm.vectorModule(),
                "Example");
        assertEquals(0, jvm.status(), jvm.output());
        float[] pixels = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            pixels[i] = i % 256 / 255f;
        }
        assertTrue(jvm.output().lines().toList().contains("digit " + model.session().predict(pixels)), jvm.output());
    }

    private static String example() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher block = Pattern.compile("## A packed model in your program\n.*?```java\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertTrue(block.find(), "no Java block under 'A packed model in your program' in README.md");
        return block.group(1);
    }

    private void compile(String example, String classPath) throws IOException {
        Path source = directory.resolve("Example.java");
        Files.writeString(source, """
                import dev.darq.kernels.*;
                import java.nio.file.Path;

                class Example {
                    public static void main(String[] arguments) throws Exception {
                        float[] pixelsOver255 = new float[%d];
                        for (int i = 0; i < pixelsOver255.length; i++) {
                            pixelsOver255[i] = i %% 256 / 255f;
                        }
                        %s
                        System.out.println("digit " + digit);
                    }
                }
                """.formatted(PIXELS, example));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertNotNull(compiler, "these tests need a JDK");
        assertEquals(0, compiler.run(null, null, null, "-Xlint:all", "-Werror", "-proc:none", "-cp", classPath, "-d",
                directory.toString(), source.toString()), example);
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
