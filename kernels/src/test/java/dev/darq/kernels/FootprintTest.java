package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What a user ships to production stays small. */
class FootprintTest {
    private static final long MOST_BYTES = 1_000_000;
    /** Written by the build, from the dependencies in the runtime scope. */
    private static final Path RUNTIME_CLASS_PATH = Path.of("target", "runtime-classpath.txt");

    @Test
    void theModuleAndWhatItNeedsToRunTakeLessThanAMegabyteOfJars() throws IOException, URISyntaxException {
        Map<String, Long> sizes = new TreeMap<>();
        sizes.put("darq-kernels", zipped(
                Path.of(PackedModel.class.getProtectionDomain().getCodeSource().getLocation().toURI())));
        for (String entry : Files.readString(RUNTIME_CLASS_PATH).strip().split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            sizes.put(String.valueOf(jar.getFileName()), Files.size(jar));
        }
        assertTrue(sizes.keySet().stream().anyMatch(name -> name.startsWith("jackson-core")), sizes::toString);
        assertTrue(sizes.keySet().stream().noneMatch(name -> name.startsWith("junit")), sizes::toString);
        long sum = sizes.values().stream().mapToLong(Long::longValue).sum();
        assertTrue(sum < MOST_BYTES, () -> "expected less than " + MOST_BYTES + " bytes, got " + sum + ": " + sizes);
    }

    /** The bytes of a folder of classes put into a jar: tests run before there is one. */
    private static long zipped(Path folder) throws IOException {
        long[] count = {0};
        OutputStream counter = new OutputStream() {
            @Override
            public void write(int b) {
                count[0]++;
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                count[0] += length;
            }
        };
        try (ZipOutputStream zip = new ZipOutputStream(counter); Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return count[0];
    }
}
