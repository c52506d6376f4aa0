package dev.darq.benchmarks;

import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Contenders take turns, round after round, so that what else happens on the machine hits all alike. The first rounds warm
 * up and are not counted.
 *
 * @param rounds the rounds that count
 * @param millis the length of a turn; a call that takes longer is still finished
 * @param firstWarmUpMillis the length of a turn's warm-up in the first round of the first network, where code is compiled
 * @param warmUpMillis the same, of the other networks
 */
record Contest(int rounds, int millis, int firstWarmUpMillis, int warmUpMillis) {
    /** Of warming up, and one until compilers have stopped working in the background. */
    private static final int UNCOUNTED = 2;

    static final Contest FULL = new Contest(15, 40, 1500, 500);
    static final Contest SHORT = new Contest(4, 8, 150, 30);

    /**
     * The times of one contender, in nanoseconds.
     *
     * @param best the shortest of all rounds
     * @param median the median over the rounds
     * @param lower the lower quartile
     * @param upper the upper quartile
     */
    record Times(double best, double median, double lower, double upper) {}

    /**
     * Times everything, in the order given.
     *
     * @param first whether this code has not run before
     */
    List<Times> times(List<? extends Timed> all, boolean first) throws RunnerException {
        double[][] nanos = new double[all.size()][rounds];
        for (int round = -UNCOUNTED; round < rounds; round++) {
            for (int i = 0; i < nanos.length; i++) {
                double time = Turn.nanos(all.get(i), round > -UNCOUNTED ? 0 : first ? firstWarmUpMillis : warmUpMillis,
                        millis);
                nanos[i][Math.max(0, round)] = time;
            }
        }
        return Arrays.stream(nanos).map(Contest::summary).toList();
    }

    private static Times summary(double[] nanos) {
        double[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Times(sorted[0], at(sorted, 0.5), at(sorted, 0.25), at(sorted, 0.75));
    }

    private static double at(double[] sorted, double fraction) {
        return sorted[(int) Math.round(fraction * (sorted.length - 1))];
    }
}
