package dev.darq.benchmarks;

import dev.darq.experiments.cli.Darq;
import java.util.List;

/** The command line of Darq with the command {@code benchmark}, whose libraries the others do not need. */
public final class Benchmarks {
    private Benchmarks() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // One thread for everybody; read when the kernels are first used.
        System.setProperty("darq.threads", "1");
        Darq.main(List.of(new BenchmarkCommand()), arguments);
    }
}
