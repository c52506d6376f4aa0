package dev.darq.kernels;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A model prepared for calls of one size. Kernels on vectors take a second or two until they are compiled, so the scalar
 * kernels answer at first, with the same bits, while a thread in the background measures, lays the weights out and compiles;
 * then the others take over. Without that where there is nothing to wait for: a forced or a scalar provider, or kernels that
 * are compiled already.
 */
final class Preparation {
    private static final System.Logger LOGGER = System.getLogger("dev.darq.kernels");
    /** One warm-up at a time: two would take each other's processor, and measure it. */
    private static final ReentrantLock WARMING = new ReentrantLock();

    private final CountDownLatch settled;
    private volatile PreparedModel current;

    private Preparation(PreparedModel current, boolean settled) {
        this.current = current;
        this.settled = new CountDownLatch(settled ? 0 : 1);
    }

    /** What is final from the start. */
    static Preparation of(PreparedModel prepared) {
        return new Preparation(prepared, true);
    }

    /**
     * Prepares a model.
     *
     * @param laidOut the weights that were laid out before, for calls of any size; new ones are added
     */
    static Preparation of(PackedModel model, int batch, Map<PreparedModel.LaidOut, RowProduct> laidOut) {
        KernelProvider provider = KernelProvider.decided();
        if (provider != null && (provider instanceof ScalarProvider || KernelProvider.isForced()
                || WarmUp.isWarm(model, batch))) {
            return of(PreparedModel.of(model, provider, batch, laidOut));
        }
        PreparedModel scalar = PreparedModel.of(model, new ScalarProvider(), batch, new HashMap<>());
        Preparation preparation = new Preparation(scalar, false);
        Thread.ofPlatform().daemon().name("darq-warm-up").start(() -> preparation.warmUp(model, batch, laidOut));
        return preparation;
    }

    /** What to run now. */
    PreparedModel current() {
        return current;
    }

    /** Waits until {@link #current} is final; returns whether it is. */
    boolean await(Duration limit) {
        try {
            return settled.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void warmUp(PackedModel model, int batch, Map<PreparedModel.LaidOut, RowProduct> laidOut) {
        WARMING.lock();
        try {
            KernelProvider provider = KernelProvider.get();
            if (!(provider instanceof ScalarProvider)) {
                PreparedModel prepared = PreparedModel.of(model, provider, batch, laidOut);
                WarmUp.compile(model, provider, batch);
                current = prepared;
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOGGER.log(System.Logger.Level.WARNING, "Darq kernels: scalar kernels stay in use", failure);
        } finally {
            WARMING.unlock();
            settled.countDown();
        }
    }
}
