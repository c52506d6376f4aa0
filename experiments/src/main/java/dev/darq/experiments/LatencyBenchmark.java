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
    private static final long SLICE_NANOS = 2_000_000L;

    private LatencyBenchmark() {}

    /**
     * How long it is measured.
     *
     * @param warmUp    how long each contender runs by itself first
     * @param uncounted rounds that are run and not counted: while compilers still work in the background, contenders slow
     *                  each other
     * @param rounds    rounds that count
     */
    record Effort(Duration warmUp, int uncounted, int rounds) {
        /** What figures that are shown to anybody are taken with. */
        static final Effort FULL = new Effort(Duration.ofMillis(1500), 200, 301);
    }

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
        return medianMicroseconds(contenders, Effort.FULL);
    }

    /** As {@link #medianMicroseconds(List)}. */
    static List<Double> medianMicroseconds(List<? extends Contender> contenders, Effort effort) {
        int[] repetitions = new int[contenders.size()];
        for (int c = 0; c < repetitions.length; c++) {
            repetitions[c] = warmUp(contenders.get(c), effort.warmUp.toNanos());
        }
        double[][] times = new double[contenders.size()][effort.rounds];
        for (int round = -effort.uncounted; round < effort.rounds; round++) {
            for (int c = 0; c < repetitions.length; c++) {
                double time = time(contenders.get(c), repetitions[c]) / 1e3 / repetitions[c];
                times[c][Math.max(0, round)] = time;
            }
        }
        List<Double> medians = new ArrayList<>();
        for (double[] rounds : times) {
            Arrays.sort(rounds);
            medians.add(rounds[rounds.length / 2]);
        }
        return medians;
    }

    /** Runs until compiled code is steady; returns how many calls fill a slice. */
    private static int warmUp(Contender contender, long nanos) {
        long start = System.nanoTime();
        int batch = 1;
        long best = Long.MAX_VALUE;
        while (System.nanoTime() - start < nanos) {
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
