package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {
    private static final int LARGE = 1 << 20;
    private int threads;

    @BeforeEach
    void rememberTheThreads() {
        Engine.getInstance();
        threads = JniUtils.getNumThreads();
    }

    @AfterEach
    void restoreTheThreads() {
        JniUtils.setNumThreads(threads);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyPartIsDoneOnce(int count) {
        JniUtils.setNumThreads(count);
        for (int values : new int[] {1, LARGE}) {
            for (int repetition = 0; repetition < 1000; repetition++) {
                AtomicIntegerArray done = new AtomicIntegerArray(Parts.COUNT);
                Parts.run(values, done::incrementAndGet);
                for (int part = 0; part < Parts.COUNT; part++) {
                    assertEquals(1, done.get(part), "part " + part);
                }
            }
        }
    }

    @Test
    void partsCoverAllRows() {
        for (int rows : new int[] {0, 1, 7, 8, 9, 1792}) {
            int[] covered = new int[rows];
            for (int part = 0; part < Parts.COUNT; part++) {
                for (int row = Parts.from(part, rows); row < Parts.to(part, rows); row++) {
                    covered[row]++;
                }
            }
            int[] once = new int[rows];
            Arrays.fill(once, 1);
            assertArrayEquals(once, covered);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFailureOfAnyPartReachesTheCaller(int count) {
        JniUtils.setNumThreads(count);
        for (int broken = 0; broken < Parts.COUNT; broken++) {
            int part = broken;
            assertThrows(IllegalStateException.class, () -> Parts.run(LARGE, p -> {
                if (p == part) {
                    throw new IllegalStateException("broken");
                }
            }));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bothAreDoneOnceAndTheThreadsStay(int count) {
        JniUtils.setNumThreads(count);
        for (long products : new long[] {1, Long.MAX_VALUE}) {
            for (int repetition = 0; repetition < 1000; repetition++) {
                AtomicIntegerArray done = new AtomicIntegerArray(2);
                Parts.both(products, () -> done.incrementAndGet(0), () -> done.incrementAndGet(1));
                assertEquals("[1, 1]", done.toString());
                assertEquals(count, JniUtils.getNumThreads());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFailureOfEitherReachesTheCaller(int count) {
        JniUtils.setNumThreads(count);
        Runnable broken = () -> {
            throw new AssertionError("broken");
        };
        assertThrows(AssertionError.class, () -> Parts.both(Long.MAX_VALUE, broken, () -> {}));
        assertThrows(AssertionError.class, () -> Parts.both(Long.MAX_VALUE, () -> {}, broken));
        assertEquals(count, JniUtils.getNumThreads());
    }
}
