package dev.darq.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether one instruction looks up a vector of bytes in another (AVX-512 VBMI). Where none does, the JVM does it lane by lane, a
 * thousand times slower; it does not tell, but Linux does.
 */
final class LookupSupport {
    private static final String INSTRUCTIONS = "avx512vbmi";
    private static final int BITS = 512;
    private static final boolean LISTED = isListed(Path.of("/proc/cpuinfo"));

    private LookupSupport() {}

    /** Whether look-ups in vectors of so many bits take one instruction. */
    static boolean isFast(int vectorBits) {
        return vectorBits == BITS && LISTED;
    }

    /** Whether a list of the processor's features names the instructions; false where there is no such list. */
    static boolean isListed(Path features) {
        try {
            // Not as lines: the kernel does not know the size of the file it makes up.
            String text = new String(Files.readAllBytes(features), StandardCharsets.ISO_8859_1);
            return text.lines().filter(line -> line.startsWith("flags"))
                    .anyMatch(line -> (line + " ").contains(" " + INSTRUCTIONS + " "));
        } catch (IOException _) {
            return false;
        }
    }
}
