package dev.darq.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another JVM run to its end: what is decided once in a process, or said once, needs one of its own.
 *
 * @param status its exit status
 * @param output what it wrote to standard output and standard error together
 */
record FreshJvm(int status, String output) {
    /** As this JVM: with the Vector module where this one has it. */
    static List<String> vectorModule() {
        Optional<Module> vector = ModuleLayer.boot().findModule("jdk.incubator.vector");
        return vector.isPresent() ? List.of("--add-modules", "jdk.incubator.vector") : List.of();
    }

    /** Runs a JVM with the options and arguments given, in a folder. */
    static FreshJvm run(Path folder, String classPath, List<String> options, String... main)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        command.addAll(List.of(main));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new FreshJvm(process.waitFor(), output);
    }
}
