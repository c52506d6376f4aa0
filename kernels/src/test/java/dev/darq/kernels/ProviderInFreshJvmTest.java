package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice as a user sees it: one line in the log of a process, or a plain error. */
class ProviderInFreshJvmTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** A program that uses several models from several threads at once, and then tells which provider it got. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> TestModels.run(TestModels.everyKind())));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println("outputs " + Arrays.toString(TestModels.run(TestModels.everyKind())));
            System.out.println("provider " + KernelProvider.get());
        }
    }

    private FreshJvm run(String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(FreshJvm.vectorModule());
        all.addAll(List.of(options));
        return FreshJvm.run(directory, System.getProperty("java.class.path"), all, Program.class.getName());
    }

    private static List<String> lines(FreshJvm jvm, String with) {
        return jvm.output().lines().filter(line -> line.contains(with)).toList();
    }

    @Test
    void oneLineSaysWhichProviderWasChosenAndWhyHoweverManyThreadsAndModels() throws IOException, InterruptedException {
        FreshJvm jvm = run();
        assertEquals(0, jvm.status(), jvm.output());
        String chosen = lines(jvm, "provider ").getFirst().substring("provider ".length());
        List<String> log = lines(jvm, "Darq");
        assertEquals(1, log.size(), jvm.output());
        String reason = FreshJvm.vectorModule().isEmpty()
                ? "module jdk.incubator.vector is absent"
                : "popcount product ";
        assertTrue(log.getFirst().contains("Darq kernels: " + chosen + " (" + reason), jvm.output());
    }

    @Test
    void aForcedProviderIsNamedAsForcedAndComputesTheSame() throws IOException, InterruptedException {
        FreshJvm jvm = run("-Ddarq.provider=scalar");
        assertEquals(List.of("provider scalar"), lines(jvm, "provider "), jvm.output());
        assertEquals(1, lines(jvm, "Darq").size(), jvm.output());
        assertEquals(1, lines(jvm, "Darq kernels: scalar (forced by darq.provider)").size(), jvm.output());
        assertEquals(lines(run(), "outputs "), lines(jvm, "outputs "));
    }

    @Test
    void anUnknownProviderIsAClearErrorAtEveryUse() throws IOException, InterruptedException {
        FreshJvm jvm = run("-Ddarq.provider=vector-64");
        assertNotEquals(0, jvm.status());
        // Four threads and the last use in main, each with the same words.
        assertEquals(5,
                lines(jvm, "IllegalStateException: darq.provider: expected scalar, vector, vector-128, vector-256"
                        + " or vector-512, got vector-64").size(),
                jvm.output());
    }

    @Test
    void vectorsWithoutTheirModuleAreAClearErrorAtEveryUse() throws IOException, InterruptedException {
        FreshJvm jvm = FreshJvm.run(directory, System.getProperty("java.class.path"),
                List.of("-Ddarq.provider=vector-128"), Program.class.getName());
        assertNotEquals(0, jvm.status());
        assertEquals(5, lines(jvm, "IllegalStateException: darq.provider=vector-128 needs the JVM flag --add-modules"
                + " jdk.incubator.vector").size(), jvm.output());
    }

    /** A JVM told to leave AVX-512 alone prefers 256 bits. */
    @Test
    void vectorsWiderThanTheMachinesAreAClearErrorAtEveryUse() throws IOException, InterruptedException {
        assumeTrue(!FreshJvm.vectorModule().isEmpty() && Shapes.preferredBits() == 512);
        FreshJvm jvm = run("-XX:UseAVX=2", "-Ddarq.provider=vector-512");
        assertNotEquals(0, jvm.status());
        assertEquals(5,
                lines(jvm, "IllegalStateException: darq.provider: expected at most the vector width of this machine,"
                        + " 256, got 512").size(),
                jvm.output());
    }

    @Test
    void aMachineWithNarrowerVectorsGivesTheSameOutputs() throws IOException, InterruptedException {
        assumeTrue(!FreshJvm.vectorModule().isEmpty() && Shapes.preferredBits() == 512);
        FreshJvm jvm = run("-XX:UseAVX=2", "-Ddarq.provider=vector");
        assertEquals(List.of("provider vector-256"), lines(jvm, "provider "), jvm.output());
        assertEquals(lines(run(), "outputs "), lines(jvm, "outputs "));
    }
}
