package dev.darq.search;

import ai.djl.pytorch.jni.JniUtils;
import dev.darq.quantizers.Quantizer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work that is always divided into the same parts, so that sums do not depend on the number of threads. Where training may
 * use two threads, the caller and the {@link Helper} take parts until none is left: the caller never waits for a helper
 * that has not begun.
 */
final class Parts {
    static final int COUNT = Quantizer.PARTS;
    /** Below so many values handing work over takes longer than doing it. */
    private static final int WORTH = 1 << 16;
    /** Below so many multiplications handing a product over takes longer than doing it. */
    private static final long PRODUCTS_WORTH = 1 << 21;
    private static final int SPINS = 1 << 12;

    private Parts() {}

    /** The first of so many rows that a part has. */
    static int from(int part, int rows) {
        return (int) ((long) part * rows / COUNT);
    }

    /** One past the last of them. */
    static int to(int part, int rows) {
        return from(part + 1, rows);
    }

    /** The work. */
    @FunctionalInterface
    interface Work {
        /** Does part 0 to {@link #COUNT} - 1; parts may run at the same time. */
        void run(int part);
    }

    /**
     * Does all parts.
     *
     * @param values the size of the work
     */
    static void run(long values, Work work) {
        if (values < WORTH || JniUtils.getNumThreads() < 2) {
            for (int part = 0; part < COUNT; part++) {
                work.run(part);
            }
            return;
        }
        new Shared(COUNT, work).takeAll();
    }

    /**
     * Does both, each on one thread of libtorch's, side by side where training may use two: for two products the time to
     * wake libtorch's own second thread is lost twice, and is a good part of a small product's.
     *
     * @param products multiplications in each
     */
    static void both(long products, Runnable first, Runnable second) {
        int threads = JniUtils.getNumThreads();
        if (products < PRODUCTS_WORTH || threads < 2) {
            first.run();
            second.run();
            return;
        }
        // The caller begins with one of the two, the helper with the other.
        try {
            new Shared(2, part -> {
                JniUtils.setNumThreads(1);
                (part == 0 ? first : second).run();
            }).takeAll();
        } finally {
            JniUtils.setNumThreads(threads);
        }
    }

    /** Parts that two threads take. */
    private static final class Shared {
        private final int count;
        private final Work work;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Shared(int count, Work work) {
            this.count = count;
            this.work = work;
        }

        /** Returns when all are done. What is left in the end is in the other thread's hands, and short. */
        void takeAll() {
            Runnable take = this::take;
            Helper.get().offer(take);
            take();
            Helper.get().withdraw(take);
            for (int spins = 0; done.get() < count; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw (RuntimeException) thrown;
            }
        }

        private void take() {
            for (int part = taken.getAndIncrement(); part < count; part = taken.getAndIncrement()) {
                try {
                    work.run(part);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.incrementAndGet();
                }
            }
        }
    }
}
