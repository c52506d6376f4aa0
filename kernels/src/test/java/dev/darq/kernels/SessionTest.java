package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SessionTest {
    private final PackedModel model = TestModels.everyKind();
    private final Session session = model.session();

    @Test
    void aBatchGivesWhatSingleRunsGive() {
        float[] inputs = KernelCases.gaussian(new Random(1), 5 * 70);
        float[] outputs = new float[5 * 3];
        session.run(inputs, 5, outputs);
        float[] single = new float[3];
        for (int sample = 0; sample < 5; sample++) {
            session.run(Arrays.copyOfRange(inputs, sample * 70, (sample + 1) * 70), single);
            assertArrayEquals(single, Arrays.copyOfRange(outputs, sample * 3, sample * 3 + 3));
        }
        session.run(new float[0], 0, new float[0]);
    }

    @Test
    void operationsRunOneByOneGiveTheWhole() {
        float[] x = KernelCases.gaussian(new Random(2), 70);
        float[] whole = new float[3];
        session.run(x, whole);
        for (int i = 0; i < session.operations(); i++) {
            float[] y = new float[session.outputsOf(i)];
            assertEquals(x.length, session.inputsOf(i));
            session.runOperation(i, x, y);
            x = y;
        }
        assertArrayEquals(whole, x);
    }

    @Test
    void bothProvidersGiveTheSameBitsThroughAWholeNetwork() {
        float[] x = KernelCases.gaussian(new Random(4), 70);
        float[] expected = new float[3];
        session.run(x, expected);
        for (KernelProvider provider : Providers.all()) {
            float[] actual = new float[3];
            Providers.session(model, provider, 1).run(x, actual);
            assertArrayEquals(expected, actual, provider.name());
        }
    }

    @Test
    void thePredictionIsTheLowestIndexAmongTheLargest() {
        FloatWeights weights = new FloatWeights(4, 1, 32, new float[] {1, 3, 3, -1});
        Session session = new PackedModel(List.of(new Linear("l", weights, new FloatActivation(32), new float[4])),
                Map.of()).session();
        assertEquals(1, session.predict(new float[] {1}));
        assertEquals(3, session.predict(new float[] {-1}));
        assertEquals(0, session.predict(new float[] {0}));
        assertEquals(0, session.predict(new float[] {Float.NaN}));
    }

    @Test
    void wrongLengthsAreRefusedWithBothLengths() {
        assertMessage("input: expected length 1 x 70, got 69", () -> session.run(new float[69], new float[3]));
        assertMessage("output: expected length 1 x 3, got 4", () -> session.run(new float[70], new float[4]));
        assertMessage("input: expected length 2 x 70, got 70", () -> session.run(new float[70], 2, new float[6]));
        assertMessage("input: expected length -1 x 70, got 0", () -> session.run(new float[0], -1, new float[0]));
        assertMessage("input of operation 2: expected length 1 x 5, got 1",
                () -> session.runOperation(2, new float[1], new float[4]));
    }

    private static void assertMessage(String message, Executable run) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, run).getMessage());
    }

    /** Vectors live in registers only in compiled code: give the compiler time, then expect not one byte. */
    @Test
    void onceCompiledARunAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        float[] x = KernelCases.gaussian(new Random(6), 70);
        float[] y = new float[3];
        assertTrue(session.warmUp(Duration.ofMinutes(1)));
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 60 && allocated > 0; round++) {
            for (long start = System.nanoTime(); System.nanoTime() - start < 250_000_000;) {
                session.run(x, y);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                session.run(x, y);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated <= 0, "bytes: " + allocated);
    }
}
