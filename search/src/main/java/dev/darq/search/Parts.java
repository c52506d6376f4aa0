package dev.darq.search;

import ai.djl.pytorch.jni.JniUtils;
import dev.darq.quantizers.Quantizer;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work that is always divided into the same parts, so that sums do not depend on the number of threads. Where training may
 * use two threads, the caller and a helper take parts until none is left: waking the helper takes as long as a small
 * sweep, which the caller need not wait for.
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
    static void run(int values, Work work) {
        if (values < WORTH || JniUtils.getNumThreads() < 2) {
            for (int part = 0; part < COUNT; part++) {
                work.run(part);
            }
            return;
        }
        Shared shared = new Shared(work);
        ForkJoinPool.commonPool().execute(shared::takeParts);
        shared.takeParts();
        shared.await();
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
        ForkJoinTask<?> other = ForkJoinPool.commonPool().submit(() -> {
            JniUtils.setNumThreads(1);
            second.run();
        });
        JniUtils.setNumThreads(1);
        try {
            first.run();
        } finally {
            try {
                await(other, second);
            } finally {
                JniUtils.setNumThreads(threads);
            }
        }
    }

    /** What the other thread has not begun is done here. */
    private static void await(ForkJoinTask<?> other, Runnable work) {
        if (other.tryUnfork()) {
            work.run();
            return;
        }
        for (int spins = 0; !other.isDone() && spins < SPINS; spins++) {
            Thread.onSpinWait();
        }
        other.join();
    }

    /** Parts that two threads take. */
    private static final class Shared {
        private final Work work;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

        Shared(Work work) {
            this.work = work;
        }

        void takeParts() {
            for (int part = taken.getAndIncrement(); part < COUNT; part = taken.getAndIncrement()) {
                try {
                    work.run(part);
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        /** What is left is in the other thread's hands, and short. */
        void await() {
            for (int spins = 0; done.get() < COUNT; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            RuntimeException thrown = failure.get();
            if (thrown != null) {
                throw thrown;
            }
        }
    }
}
