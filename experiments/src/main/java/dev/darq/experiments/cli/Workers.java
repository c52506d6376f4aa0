package dev.darq.experiments.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Processes like this one that run a command side by side; libtorch's gradients are collected in one place of a process,
 * so that trainings at the same time need one each.
 */
final class Workers implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private final PrintWriter out;
    private @Nullable String firstError;

    Workers(PrintWriter out) {
        this.out = out;
    }

    /**
     * Ends this process, which is a worker, as soon as the one that started it is gone: that one holds the other end of
     * the standard input and never writes to it.
     */
    static void endWithParent() {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nothing is expected; only the end matters.
                }
            } catch (IOException e) {
                // As good as the end.
            }
            Runtime.getRuntime().halt(1);
        });
    }

    /** Starts a process with the JVM, the options and the class path of this one. What it says appears here. */
    void start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The number of the launcher's standard error means nothing in a child.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Ddarq.stderr") && !option.startsWith("-javaagent")
                        && !option.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Darq.class.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        read(process, process.inputReader(StandardCharsets.UTF_8), false);
        read(process, new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)),
                true);
    }

    private void read(Process process, BufferedReader lines, boolean errors) {
        readers.add(Thread.ofPlatform().name("worker " + process.pid()).start(() -> lines.lines().forEach(line -> {
            if (errors) {
                noteError(line);
            } else {
                synchronized (out) {
                    out.println(line);
                    out.flush();
                }
            }
        })));
    }

    private synchronized void noteError(String line) {
        if (firstError == null && line.startsWith("darq: ")) {
            firstError = line.substring("darq: ".length());
        }
    }

    private synchronized String error(Process failed) {
        return firstError == null
                ? "a worker ended with exit code " + failed.exitValue() + " and no message"
                : firstError;
    }

    /**
     * Returns when all processes have ended well.
     *
     * @throws IOException with the worker's message when one has failed; the others are ended then
     */
    void join() throws IOException {
        CountDownLatch running = new CountDownLatch(processes.size());
        processes.forEach(process -> process.onExit().thenAccept(ended -> {
            if (ended.exitValue() != 0) {
                processes.forEach(Process::destroy);
            }
            running.countDown();
        }));
        try {
            running.await();
            for (Thread reader : readers) {
                reader.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while workers train", e);
        }
        for (Process process : processes) {
            if (process.exitValue() != 0) {
                throw new IOException(error(process));
            }
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
