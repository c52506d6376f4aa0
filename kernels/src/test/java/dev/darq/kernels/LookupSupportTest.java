package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupSupportTest {
    @TempDir
    Path folder;

    @Test
    void theProcessorIsAskedForTheInstructions() throws IOException {
        assertEquals(true, listed("processor\t: 0\nflags\t\t: fpu avx512_bitalg avx512vbmi\n"));
        assertEquals(true, listed("flags\t\t: fpu avx512vbmi avx512_vbmi2\n"));
        assertEquals(false, listed("flags\t\t: fpu avx512f avx512_vbmi2\n"));
        assertEquals(false, listed("model name\t: avx512vbmi\nflags\t\t: fpu avx2\n"));
        assertEquals(false, LookupSupport.isListed(folder.resolve("absent")));
    }

    private boolean listed(String text) throws IOException {
        return LookupSupport.isListed(Files.writeString(folder.resolve("cpuinfo"), text));
    }
}
