package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One model, eight threads with a session each: every result has the bits that a thread alone gives. */
class ConcurrentSessionsTest {
    private static final int THREADS = 8;

    @Test
    void thousandsOfRunsAtOnceGiveWhatOneThreadGives() throws Exception {
        hammer(TestModels.everyKind(), 16, 400);
    }

    /** Large enough that an implementation may spread one run, or one batch, over threads of its own. */
    @Test
    void largeLayersAndBatchesAtOnceGiveWhatOneThreadGives() throws Exception {
        Random random = new Random(11);
        Linear wide = TestModels.binary(random, "wide", 1031, 1009, 4, new LevelActivation(new float[] {1, 2}, 0.25f));
        Linear coded = TestModels.binary(random, "coded", 257, 1031, 2, new UniformActivation(8, 0.5f, 0, -128, 127));
        hammer(new PackedModel(List.of(wide, coded), Map.of()), 5, 4);
    }

    private static void hammer(PackedModel model, int samples, int rounds) throws Exception {
        List<float[]> inputs = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        Session alone = model.session();
        for (int thread = 0; thread < THREADS; thread++) {
            float[] x = KernelCases.gaussian(new Random(thread), samples * model.inputs());
            float[] y = new float[samples * model.outputs()];
            float[] one = new float[model.outputs()];
            for (int sample = 0; sample < samples; sample++) {
                alone.run(sample(x, sample, model.inputs()), one);
                System.arraycopy(one, 0, y, sample * one.length, one.length);
            }
            inputs.add(x);
            expected.add(y);
        }
        atOnce(thread -> {
            Session own = model.session();
            float[] single = new float[model.outputs()];
            float[] batch = new float[samples * model.outputs()];
            for (int round = 0; round < rounds; round++) {
                int sample = round % samples;
                own.run(sample(inputs.get(thread), sample, model.inputs()), single);
                assertArrayEquals(sample(expected.get(thread), sample, model.outputs()), single);
                if (round % 4 == 0) {
                    own.run(inputs.get(thread), samples, batch);
                    assertArrayEquals(expected.get(thread), batch);
                }
            }
        });
    }

    private static float[] sample(float[] samples, int index, int width) {
        return Arrays.copyOfRange(samples, index * width, (index + 1) * width);
    }

    @Test
    void theFirstUseOfAModelByManyThreadsAtOnceIsSafe() throws Exception {
        float[] expected = TestModels.run(TestModels.everyKind());
        for (int round = 0; round < 100; round++) {
            PackedModel fresh = TestModels.everyKind();
            atOnce(_ -> assertArrayEquals(expected, TestModels.run(fresh)));
        }
    }

    /** What one thread does. */
    @FunctionalInterface
    private interface Work {
        void run(int thread) throws Exception;
    }

    /** All threads begin together, and the first failure of any is thrown. */
    private static void atOnce(Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                tasks.add(() -> {
                    start.await();
                    work.run(thread);
                    return null;
                });
            }
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
        }
    }
}
