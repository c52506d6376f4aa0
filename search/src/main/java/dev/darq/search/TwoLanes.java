package dev.darq.search;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/**
 * Work that is always divided in two, so that sums do not depend on the number of threads: side by side where training may
 * use two threads and it is worth it, else one part after the other.
 */
final class TwoLanes {
    static final int COUNT = 2;
    /** Below so many values handing work over takes longer than doing it. */
    private static final int WORTH = 1 << 14;

    private TwoLanes() {}

    /** The first of so many rows that a lane takes where rows are divided. */
    static int from(int lane, int rows) {
        return lane * (rows / COUNT);
    }

    /** One past the last of them. */
    static int to(int lane, int rows) {
        return lane == 0 ? rows / COUNT : rows;
    }

    /** One of the two parts. */
    @FunctionalInterface
    interface Part {
        /** Runs part 0 or 1. */
        void run(int lane);
    }

    /**
     * Runs both parts.
     *
     * @param values the size of the work
     */
    static void run(int values, Part part) {
        if (values < WORTH || JniUtils.getNumThreads() < 2) {
            part.run(0);
            part.run(1);
            return;
        }
        ForkJoinTask<?> other = ForkJoinPool.commonPool().submit(() -> part.run(1));
        part.run(0);
        other.join();
    }
}
