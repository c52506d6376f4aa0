package dev.darq.kernels;

/** The arrays that one session computes in, large enough for every operation of its model. */
final class Scratch {
    /** The outputs of a kernel may be written up to a multiple of this: no kernel then needs a special case at the end. */
    static final int ROW_PADDING = 64;

    final long[] planes;
    final short[] codes;
    final byte[] tables;
    final float[] rounded;
    /** What {@link FoldedProduct#inputSum} gives for each sample. */
    final float[] inputSums;
    /** The X of {@link FoldedProduct} for each sample. */
    final int[] wholeSums;
    final WordScratch word = new WordScratch();
    private final RowJob job = new RowJob();
    private final Own[] own;

    Scratch(Needs needs, int threads) {
        planes = new long[needs.planes];
        codes = new short[needs.codes];
        tables = new byte[needs.tables];
        rounded = new float[needs.rounded];
        inputSums = new float[needs.inputSums];
        wholeSums = new int[needs.inputSums];
        own = new Own[threads];
        for (int thread = 0; thread < threads; thread++) {
            own[thread] = new Own(needs);
        }
    }

    /** Shares a product with other threads. */
    RowJob job() {
        return job;
    }

    /** What one of the threads that share a product writes to; thread 0 is the caller. */
    Own own(int thread) {
        return own[thread];
    }

    static int paddedRows(int rows) {
        return Math.addExact(rows, ROW_PADDING - 1) / ROW_PADDING * ROW_PADDING;
    }

    /** The arrays of one thread. */
    static final class Own {
        final long[] counts;
        final short[] partial;
        final int[] sums;

        private Own(Needs needs) {
            counts = new long[needs.counts];
            partial = new short[needs.partial];
            sums = new int[needs.sums];
        }
    }

    /** The largest sizes that the operations of a model ask for. */
    static final class Needs {
        private int planes;
        private int codes;
        private int tables;
        private int rounded;
        private int inputSums;
        private int counts;
        private int partial;
        private int sums;

        void planes(long count) {
            planes = Math.max(planes, Math.toIntExact(count));
        }

        void codes(long count) {
            codes = Math.max(codes, Math.toIntExact(count));
        }

        void tables(long count) {
            tables = Math.max(tables, Math.toIntExact(count));
        }

        void rounded(long count) {
            rounded = Math.max(rounded, Math.toIntExact(count));
        }

        void inputSums(int count) {
            inputSums = Math.max(inputSums, count);
        }

        void counts(int count) {
            counts = Math.max(counts, count);
        }

        void partial(int count) {
            partial = Math.max(partial, count);
        }

        void sums(int count) {
            sums = Math.max(sums, count);
        }
    }
}
