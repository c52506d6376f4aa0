package dev.darq.experiments;

import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times contenders against each other in one process: they take turns, round after round, so that what else happens on
 * the machine hits all alike; the figure of each is the median over rounds.
 */
final class LatencyBenchmark {
    private static final Duration COMPILATION = Duration.ofMinutes(1);
    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final long SLICE_NANOS = 2_000_000L;
    /** Rounds that are run and not counted: while compilers still work in the background, contenders slow each other. */
    private static final int UNCOUNTED = 200;
    private static final int ROUNDS = 301;

    private LatencyBenchmark() {}

    /** Something to time; one call is one inference. */
    interface Contender {
        void run();
    }

    /** A session on the compiled kernels of this machine, not on the scalar ones that answer until then. */
    static Session compiled(PackedModel model) {
        Session session = model.session();
        if (!session.warmUp(COMPILATION)) {
            throw new IllegalStateException("the kernels were not compiled within " + COMPILATION);
        }
        return session;
    }

    /**
     * Median time of one call of each contender.
     *
     * @return microseconds, in the order of the contenders
     */
    static List<Double> medianMicroseconds(List<? extends Contender> contenders) {
        int[] repetitions = new int[contenders.size()];
        for (int c = 0; c < repetitions.length; c++) {
            repetitions[c] = warmUp(contenders.get(c));
        }
        double[][] times = new double[contenders.size()][ROUNDS];
        for (int round = -UNCOUNTED; round < ROUNDS; round++) {
            for (int c = 0; c < repetitions.length; c++) {
                double time = time(contenders.get(c), repetitions[c]) / 1e3 / repetitions[c];
                times[c][Math.max(0, round)] = time;
            }
        }
        List<Double> medians = new ArrayList<>();
        for (double[] rounds : times) {
            Arrays.sort(rounds);
            medians.add(rounds[ROUNDS / 2]);
        }
        return medians;
    }

    /** Runs until compiled code is steady; returns how many calls fill a slice. */
    private static int warmUp(Contender contender) {
        long start = System.nanoTime();
        int batch = 1;
        long best = Long.MAX_VALUE;
        while (System.nanoTime() - start < WARM_UP_NANOS) {
            long elapsed = Math.max(1, time(contender, batch));
            best = Math.min(best, Math.max(1, elapsed / batch));
            batch = Math.clamp(SLICE_NANOS / best, 1, 1 << 20);
        }
        return batch;
    }

    private static long time(Contender contender, int repetitions) {
        long start = System.nanoTime();
        for (int i = 0; i < repetitions; i++) {
            contender.run();
        }
        return System.nanoTime() - start;
    }
}
