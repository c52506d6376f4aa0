package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The width of the vectors is fixed for a process, so that narrower ones than this machine's need processes of their own. */
class NarrowVectorsTest {
    @ParameterizedTest
    @ValueSource(ints = {128, 256})
    void narrowerVectorsGiveTheSameBits(int bits) throws IOException, InterruptedException {
        assumeTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        assumeTrue(bits < Shapes.bits());
        FreshJvm jvm = FreshJvm.run(Path.of("."), System.getProperty("java.class.path"), List.of("--add-modules",
                "jdk.incubator.vector", "-Ddarq.provider=vector-" + bits), KernelCases.class.getName(),
                "vector-" + bits);
        assertEquals(0, jvm.status(), jvm.output());
    }
}
