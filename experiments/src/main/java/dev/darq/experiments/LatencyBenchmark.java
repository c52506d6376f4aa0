package dev.darq.experiments;

import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * Times contenders against each other in one process: they take turns, round after round, so that what else happens on
 * the machine hits all alike; the figure of each is the median over rounds.
 */
public final class LatencyBenchmark {
    private static final Duration COMPILATION = Duration.ofMinutes(1);
    /**
     * So short that on a busy machine most turns pass without the scheduler taking the processor away; turns of milliseconds
     * had medians four times too high with six jobs a core.
     */
    private static final long SLICE_NANOS = 200_000L;

    private LatencyBenchmark() {}

    /**
     * How long contenders run.
     *
     * @param warmUpNanos of each, before the first round
     * @param sliceNanos  of each turn
     * @param uncounted   rounds that are run and not counted: while compilers still work in the background, contenders
     *                    slow each other
     * @param rounds      rounds that count
     */
    public record Effort(long warmUpNanos, long sliceNanos, int uncounted, int rounds) {
        /** For a few contenders. */
        static final Effort FEW_CONTENDERS = new Effort(500_000_000L, SLICE_NANOS, 1000, 2001);

        /** For dozens, most of which run the same code. */
        public static Effort manyContenders(int rounds) {
            return new Effort(200_000_000L, SLICE_NANOS, 100, rounds);
        }
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
        return medianMicroseconds(contenders, Effort.FEW_CONTENDERS, part -> {});
    }

    /**
     * Median time of one call of each contender.
     *
     * @param progress hears what part is done, from 0 to 1
     * @return microseconds, in the order of the contenders
     */
    static List<Double> medianMicroseconds(List<? extends Contender> contenders, Effort effort,
            DoubleConsumer progress) {
        int[] repetitions = new int[contenders.size()];
        double all = contenders.size() * (effort.warmUpNanos
                + (double) (effort.uncounted + effort.rounds) * effort.sliceNanos);
        for (int c = 0; c < repetitions.length; c++) {
            progress.accept(c * effort.warmUpNanos / all);
            repetitions[c] = warmUp(contenders.get(c), effort);
        }
        double[][] times = new double[contenders.size()][effort.rounds];
        for (int round = -effort.uncounted; round < effort.rounds; round++) {
            progress.accept(1 - (double) (effort.rounds - round) * contenders.size() * effort.sliceNanos / all);
            for (int c = 0; c < repetitions.length; c++) {
                // Others have taken the caches meanwhile.
                contenders.get(c).run();
                double time = time(contenders.get(c), repetitions[c]) / 1e3 / repetitions[c];
                times[c][Math.max(0, round)] = time;
            }
        }
        List<Double> medians = new ArrayList<>();
        for (double[] rounds : times) {
            Arrays.sort(rounds);
            medians.add(rounds[rounds.length / 2]);
        }
        progress.accept(1);
        return medians;
    }

    /** Runs until compiled code is steady; returns how many calls fill a slice. */
    private static int warmUp(Contender contender, Effort effort) {
        long start = System.nanoTime();
        int batch = 1;
        long best = Long.MAX_VALUE;
        while (System.nanoTime() - start < effort.warmUpNanos) {
            long elapsed = Math.max(1, time(contender, batch));
            best = Math.min(best, Math.max(1, elapsed / batch));
            batch = Math.clamp(effort.sliceNanos / best, 1, 1 << 20);
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
