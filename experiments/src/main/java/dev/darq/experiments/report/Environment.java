package dev.darq.experiments.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * On what something ran: what a measurement means nothing without.
 *
 * @param darq       version of Darq
 * @param java       version of the JVM
 * @param javaVendor who built the JVM
 * @param os         name, version and architecture of the operating system
 * @param cpu        the processor's model, or {@code unknown}
 * @param cores      processors that the JVM may use
 * @param provider   the kernels in use
 * @param djl        version of DJL
 * @param pytorch    version of PyTorch
 * @param threads    threads of the training
 */
public record Environment(String darq, String java, String javaVendor, String os, String cpu, int cores,
        String provider, String djl, String pytorch, int threads) {

    private static final Pattern CPU_MODEL = Pattern.compile("(?m)^(?:model name|Model|cpu model)\\s*:\\s*(.+)$");

    /**
     * This process.
     *
     * @param provider name of the kernels in use
     * @param threads  threads of the training
     */
    public static Environment current(String provider, int threads) {
        return new Environment(Versions.DARQ, property("java.version"), property("java.vendor"),
                property("os.name") + " " + property("os.version") + " " + property("os.arch"), cpuModel(),
                Runtime.getRuntime().availableProcessors(), provider, Versions.DJL, Versions.PYTORCH, threads);
    }

    /** This environment as a JSON object. */
    public String toJson() {
        return Json.write(this);
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static String cpuModel() {
        try {
            Path linux = Path.of("/proc/cpuinfo");
            if (Files.isReadable(linux)) {
                Matcher model = CPU_MODEL.matcher(Files.readString(linux));
                return model.find() ? model.group(1).strip() : "unknown";
            }
            return property("os.name").startsWith("Mac") ? sysctl() : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String sysctl() throws IOException {
        Process process = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string").redirectErrorStream(true)
                .start();
        try (var out = process.getInputStream()) {
            String model = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? model : "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
