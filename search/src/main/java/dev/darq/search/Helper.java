package dev.darq.search;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The second thread of a training. Waking a thread that sleeps takes about as long as its share of a small sweep, and a step
 * has a dozen of them: so for a while it looks for work instead, and gives way to whoever else wants its core, libtorch's
 * own threads before all.
 */
final class Helper {
    /** How long it looks for work before it sleeps: about the longest time between two sweeps of a small network. */
    private static final long AWAKE_NANOS = 1_000_000;

    private final AtomicReference<@Nullable Runnable> offered = new AtomicReference<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("darq-helper").unstarted(this::help);

    private Helper() {
        thread.start();
    }

    static Helper get() {
        return Holder.HELPER;
    }

    /**
     * Offers work, which must not throw; returns at once, whether the helper is free or not. Work that is offered while other
     * work waits is not taken.
     */
    void offer(Runnable work) {
        if (offered.compareAndSet(null, work)) {
            LockSupport.unpark(thread);
        }
    }

    /** Work that has not begun shall not begin any more. */
    void withdraw(Runnable work) {
        offered.compareAndSet(work, null);
    }

    private void help() {
        long idleSince = System.nanoTime();
        while (true) {
            Runnable work = offered.getAndSet(null);
            if (work != null) {
                work.run();
                idleSince = System.nanoTime();
            } else if (System.nanoTime() - idleSince < AWAKE_NANOS) {
                Thread.yield();
            } else {
                LockSupport.park(this);
                idleSince = System.nanoTime();
            }
        }
    }

    private static final class Holder {
        static final Helper HELPER = new Helper();
    }
}
