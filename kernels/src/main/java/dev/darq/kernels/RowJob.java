package dev.darq.kernels;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One session's product that is shared with the {@link RowTeam}. Used again for each product: sharing allocates nothing. */
final class RowJob {
    private final AtomicInteger nextPiece = new AtomicInteger();
    /** Helpers that are at it. */
    private final AtomicInteger helping = new AtomicInteger();
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread waiting;

    // Written before the job is offered, read by those who saw the offer.
    private @Nullable RowProduct product;
    private int samples;
    private @Nullable Scratch scratch;
    private @Nullable ElementKernel function;
    private float[] y = new float[0];
    private int yStride;
    private int threads;

    /** Computes all pieces, with the team's help if it is free; returns when every piece is done. */
    void share(RowProduct product, int samples, Scratch scratch, @Nullable ElementKernel function, float[] y,
            int yStride,
            int threads) {
        this.product = product;
        this.samples = samples;
        this.scratch = scratch;
        this.function = function;
        this.y = y;
        this.yStride = yStride;
        this.threads = threads;
        failure = null;
        nextPiece.set(0);
        RowTeam team = RowTeam.get();
        boolean offered = team.offer(this, threads);
        try {
            work(product, scratch, 0);
        } finally {
            if (offered) {
                team.withdraw();
                awaitHelpers();
            }
        }
        if (failure != null) {
            throw new IllegalStateException("a thread that shared a product failed", failure);
        }
    }

    /** Helps, if the job is still on offer; returns whether there was anything to do. */
    boolean help(RowTeam team, int thread) {
        helping.incrementAndGet();
        try {
            // Only an offer seen after the announcement counts: the caller then waits for this thread.
            if (!team.offers(this) || thread >= threads || product == null || scratch == null) {
                return false;
            }
            return work(product, scratch, thread);
        } catch (Throwable thrown) {
            failure = thrown;
            return true;
        } finally {
            if (helping.decrementAndGet() == 0) {
                LockSupport.unpark(waiting);
            }
        }
    }

    private boolean work(RowProduct product, Scratch scratch, int thread) {
        int pieces = product.pieces(samples);
        boolean worked = false;
        for (int piece = nextPiece.getAndIncrement(); piece < pieces; piece = nextPiece.getAndIncrement()) {
            product.multiply(piece, piece + 1, samples, scratch, scratch.own(thread), function, y, yStride);
            worked = true;
        }
        return worked;
    }

    private void awaitHelpers() {
        long start = System.nanoTime();
        while (helping.get() > 0 && System.nanoTime() - start < RowTeam.SPIN_NANOS) {
            Thread.onSpinWait();
        }
        waiting = Thread.currentThread();
        boolean interrupted = false;
        while (helping.get() > 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // else park would no longer sleep
        }
        waiting = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
