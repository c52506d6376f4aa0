package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelProviderTest {
    @AfterEach
    void unforce() {
        System.clearProperty(KernelProvider.PROPERTY);
    }

    @Test
    void theExpectedProviderRuns() {
        String expected = System.getProperty("darq.test.expected-provider");
        if (expected != null) {
            assertEquals(expected, KernelProvider.get().name());
        } else {
            // Narrower vectors need not win over the scalar popcount.
            assumeTrue(Shapes.preferredBits() >= 256);
            assertEquals("vector-" + Shapes.preferredBits(), KernelProvider.get().name());
        }
    }

    private static KernelProvider chosen() {
        return Objects.requireNonNull(ProviderChoice.withoutMeasuring());
    }

    @Test
    void itIsChosenOnce() {
        assertEquals(KernelProvider.get(), KernelProvider.get());
    }

    @Test
    void thePropertyForcesScalar() {
        System.setProperty(KernelProvider.PROPERTY, "scalar");
        assertEquals("scalar", chosen().name());
    }

    @Test
    void thePropertyForcesVectorsOrSaysWhatTheyNeed() {
        System.setProperty(KernelProvider.PROPERTY, "vector");
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            assertEquals("vector-" + Shapes.bits(), chosen().name());
        } else {
            String message = String
                    .valueOf(assertThrows(IllegalStateException.class, KernelProviderTest::chosen).getMessage());
            assertTrue(message.contains("--add-modules jdk.incubator.vector"), message);
        }
    }

    @Test
    void anUnknownProviderIsRefusedByName() {
        System.setProperty(KernelProvider.PROPERTY, "cuda");
        String message = String
                .valueOf(assertThrows(IllegalStateException.class, KernelProviderTest::chosen).getMessage());
        assertEquals("darq.provider: expected scalar, vector, vector-128, vector-256 or vector-512, got cuda", message);
    }
}
