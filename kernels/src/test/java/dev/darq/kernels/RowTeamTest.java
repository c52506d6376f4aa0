package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowTeamTest {
    private static final int PIECES = 37;

    /** A product that counts who computed which piece, and can fail. */
    private static final class Counting implements RowProduct {
        final AtomicIntegerArray times = new AtomicIntegerArray(PIECES);
        final @Nullable RuntimeException failure;
        final int failingPiece;

        Counting(@Nullable RuntimeException failure, int failingPiece) {
            this.failure = failure;
            this.failingPiece = failingPiece;
        }

        @Override
        public int columns() {
            return 1;
        }

        @Override
        public int rows() {
            return PIECES;
        }

        @Override
        public Kernel kernel() {
            return Kernel.FLOAT32;
        }

        @Override
        public void reserve(Scratch.Needs needs, int samples) {
            needs.sums(1);
        }

        @Override
        public void encode(float[] x, int xAt, int xStride, int samples, Scratch scratch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int pieces(int samples) {
            return PIECES;
        }

        @Override
        public long nanos(int samples) {
            return Long.MAX_VALUE;
        }

        @Override
        public void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own,
                @Nullable ElementKernel function, float[] y, int yStride) {
            assertEquals(from + 1, to);
            own.sums[0]++; // its own: nobody else writes here
            times.incrementAndGet(from);
            y[from] = from;
            if (failure != null && from == failingPiece) {
                throw failure;
            }
        }
    }

    private static Scratch scratch(Counting product) {
        Scratch.Needs needs = new Scratch.Needs();
        product.reserve(needs, 1);
        return new Scratch(needs, RowTeam.threads());
    }

    private static void share(Counting product, Scratch scratch, float[] y) {
        scratch.job().share(product, 1, scratch, null, y, PIECES, RowTeam.threads());
    }

    @Test
    void everyPieceIsComputedOnceBeforeSharingReturns() {
        assertEveryPieceIsComputedOnce();
    }

    private static void assertEveryPieceIsComputedOnce() {
        Counting product = new Counting(null, -1);
        Scratch scratch = scratch(product);
        for (int round = 1; round <= 5000; round++) {
            float[] y = new float[PIECES];
            share(product, scratch, y);
            int sum = 0;
            for (int thread = 0; thread < RowTeam.threads(); thread++) {
                sum += scratch.own(thread).sums[0];
            }
            assertEquals(round * PIECES, sum);
            for (int piece = 0; piece < PIECES; piece++) {
                assertEquals(round, product.times.get(piece));
                assertEquals(piece, y[piece]);
            }
        }
    }

    @Test
    void aFailureReachesTheCallerWhoeverMetIt() {
        RuntimeException failure = new IllegalArgumentException("piece");
        for (int piece : new int[] {0, 1, PIECES - 1}) {
            Counting product = new Counting(failure, piece);
            Scratch scratch = scratch(product);
            for (int round = 0; round < 200; round++) {
                RuntimeException thrown = assertThrows(RuntimeException.class,
                        () -> share(product, scratch, new float[PIECES]));
                assertTrue(failure.equals(thrown) || failure.equals(thrown.getCause()), thrown.toString());
            }
        }
        assertEveryPieceIsComputedOnce();
    }

    @Test
    void anInterruptedCallerFinishesAndStaysInterrupted() {
        Counting product = new Counting(null, -1);
        Scratch scratch = scratch(product);
        Thread.currentThread().interrupt();
        for (int round = 0; round < 200; round++) {
            share(product, scratch, new float[PIECES]);
        }
        assertTrue(Thread.interrupted());
        assertEquals(200, product.times.get(PIECES - 1));
    }

    /** Large enough to be shared, by several callers at once. */
    @Test
    void largeProductsOfManyCallersGiveWhatOneThreadGives() throws Exception {
        int columns = 1537;
        int rows = 1030;
        Linear linear = KernelChoiceTest.even(4, 4, columns, rows);
        PackedModel model = new PackedModel(List.of(linear), Map.of());
        KernelProvider provider = Providers.all().getLast();
        int batch = 16;
        float[] x = KernelCases.gaussian(new Random(1), batch * columns);
        float[] expected = new float[batch * rows];
        Session single = Providers.session(model, provider, 1);
        for (int sample = 0; sample < batch; sample++) {
            float[] y = new float[rows];
            single.run(Arrays.copyOfRange(x, sample * columns, (sample + 1) * columns), y);
            System.arraycopy(y, 0, expected, sample * rows, rows);
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> results = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                results.add(callers.submit(() -> {
                    Session session = Providers.session(model, provider, batch);
                    float[] y = new float[batch * rows];
                    for (int i = 0; i < 20; i++) {
                        session.run(x, batch, y);
                        assertArrayEquals(expected, y);
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }

    /** By the cost model three samples of this layer take longer than four: only the three are shared. */
    @Test
    void aSessionHasRoomForTheThreadsOfEveryNumberOfSamplesUpToItsBatch() {
        int columns = 1536;
        int rows = 1024;
        FloatWeights weights = new FloatWeights(rows, columns, 32, KernelCases.gaussian(new Random(1), rows * columns));
        Linear linear = new Linear("l", weights, new FloatActivation(32), new float[rows]);
        PackedModel model = new PackedModel(List.of(linear), Map.of());
        KernelProvider provider = Providers.all().getLast();
        float[] x = KernelCases.gaussian(new Random(2), 3 * columns);
        float[] expected = new float[3 * rows];
        Providers.session(model, provider, 3).run(x, 3, expected);
        Session session = Providers.session(model, provider, 4);
        float[] y = new float[3 * rows];
        for (int i = 0; i < 50; i++) {
            session.run(x, 3, y);
            assertArrayEquals(expected, y);
        }
    }
}
