package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM, as a process of its own gets them. */
class StopSignalTest {
    @TempDir
    private Path folder;

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }

    private static void awaitFile(Process process, Path file) throws InterruptedException {
        while (process.isAlive() && !Files.exists(file)) {
            Thread.sleep(20);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalEndsTheRunWithACheckpointAndSaysHowToGoOn(String name, int status)
            throws IOException, InterruptedException {
        ChildRun child = new ChildRun(folder);
        Path run = folder.resolve("run");
        Process process = child.start(run, false);
        awaitFile(process, run.resolve("metrics.csv"));
        signal(name, process);
        assertEquals(status, process.waitFor(), ChildRun.said(run));
        String said = ChildRun.said(run);
        assertTrue(said.contains("darq: stopping after this step"), said);
        assertTrue(said.contains("darq: stopped after step ") && said.contains(" of 'search'"), said);
        assertTrue(said.contains("experiments/darq search " + folder.resolve("small.yaml") + " --run " + run
                + " --resume"), said);
        ChildRun.assertPublishedFilesAreWhole(run);

        assertEquals(2, child.start(run, false).waitFor(), "a run that is there is not begun anew");
        assertEquals(0, child.start(run, true).waitFor(), ChildRun.said(run));
        ChildRun.assertSameResults(child.undisturbed("undisturbed"), run);
        assertEquals(2, child.start(run, true).waitFor(), "nothing is left to resume");
    }

    @Test
    void aSignalDoesNotWaitForTheLatenciesToBeMeasured() throws IOException, InterruptedException {
        ChildRun child = new ChildRun(folder);
        Path run = folder.resolve("run");
        Process process = child.start(run, false);
        while (process.isAlive() && !ChildRun.said(run).contains("Measuring latency")) {
            Thread.sleep(20);
        }
        signal("INT", process);
        assertEquals(130, process.waitFor(), ChildRun.said(run));
        assertTrue(ChildRun.said(run).contains("darq: stopped while latencies were measured"), ChildRun.said(run));
        assertFalse(Files.exists(run.resolve("comparison.csv")));
        assertEquals(0, child.start(run, true).waitFor(), ChildRun.said(run));
        assertTrue(Files.exists(run.resolve("comparison.csv")));
    }

    @Test
    void aSecondProcessOnTheSameFolderIsRefused() throws IOException, InterruptedException {
        ChildRun child = new ChildRun(folder);
        Path run = folder.resolve("run");
        Process first = child.start(run, false);
        awaitFile(first, run.resolve("checkpoints/00000001.safetensors"));
        assertEquals(2, child.start(run, true).waitFor(), ChildRun.said(run));
        assertTrue(ChildRun.said(run).contains("is in use by another run (process " + first.pid() + ")"),
                ChildRun.said(run));
        first.destroyForcibly().waitFor();
        Process again = child.start(run, true);
        awaitFile(again, run.resolve("metrics.csv"));
        assertTrue(Files.exists(run.resolve("metrics.csv")), "the lock went with its process");
        again.destroyForcibly().waitFor();
    }
}
