package dev.darq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarkCommandTest {
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = new CommandLine(new BenchmarkCommand());
        line.setErr(new PrintWriter(errors, true));
        return line.execute(arguments);
    }

    @Test
    void twoKindsAtOnceAreWrongUse() {
        assertEquals(2, run("--short", "--startup"));
        assertTrue(errors.toString().contains("mutually exclusive"), errors.toString());
    }

    @Test
    void aModelIsForTheStartUpOnly() {
        assertEquals(1, run("--model", "any.darq"));
        assertTrue(errors.toString().contains("--model goes with --startup only"), errors.toString());
    }

    @Test
    void theVersionsOfThePeersAreKnown() throws Exception {
        assertEquals("[jlama, jmh, onnxruntime]", Peers.versions().keySet().toString());
        Peers.versions().forEach((name, version) -> assertTrue(version.matches("[0-9.]+"), name + " " + version));
    }
}
