package dev.darq.kernels;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of this process that help with large products. They are daemons, made when first needed, and shared by all
 * models: one product at a time is shared, and a caller that finds them taken works alone. A helper that has nothing to do
 * spins for a bounded time, then sleeps.
 *
 * <p>Each product's pieces are claimed one by one, by the caller too: it never waits for a helper that has not begun. Which
 * thread computes a piece does not change the result.
 */
final class RowTeam {
    /** The system property for the most threads that share one product; 1 for none but the caller's. */
    static final String PROPERTY = "darq.threads";

    /** How long a thread spins before it sleeps: about what waking it costs. */
    static final long SPIN_NANOS = 20_000;

    private static final int THREADS = Math.max(1,
            Integer.getInteger(PROPERTY, Runtime.getRuntime().availableProcessors()));

    private final AtomicReference<RowJob> shared = new AtomicReference<>();
    private final Thread[] helpers = new Thread[THREADS - 1];

    private RowTeam() {
        for (int i = 0; i < helpers.length; i++) {
            int thread = i + 1;
            helpers[i] = Thread.ofPlatform().daemon().name("darq-rows-" + thread).unstarted(() -> help(thread));
        }
        for (Thread helper : helpers) {
            helper.start();
        }
    }

    /** The most threads that work on one product, the caller's included. */
    static int threads() {
        return THREADS;
    }

    static RowTeam get() {
        return Holder.TEAM;
    }

    /** Offers a job to the helpers; returns at once, whether they are free or not. */
    boolean offer(RowJob job, int threads) {
        if (!shared.compareAndSet(null, job)) {
            return false;
        }
        for (int i = 0; i < threads - 1; i++) {
            LockSupport.unpark(helpers[i]);
        }
        return true;
    }

    /** No helper begins with the job any more; those that have begun may still be at it. */
    void withdraw() {
        shared.set(null);
    }

    boolean offers(RowJob job) {
        return shared.get() == job;
    }

    private void help(int thread) {
        long idleSince = System.nanoTime();
        while (true) {
            RowJob job = shared.get();
            if (job != null && job.help(this, thread)) {
                idleSince = System.nanoTime();
            } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                idleSince = System.nanoTime();
            }
        }
    }

    private static final class Holder {
        static final RowTeam TEAM = new RowTeam();
    }
}
