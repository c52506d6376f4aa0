package dev.darq.kernels;

/** The arrays that one session computes in, large enough for every operation of its model. */
final class Scratch {
    /** The outputs of a kernel may be written up to a multiple of this: no kernel then needs a special case at the end. */
    static final int ROW_PADDING = 64;

    final long[] planes;
    final long[] counts;
    final float[] rounded;
    final float[] tail = new float[Long.SIZE];

    Scratch(Needs needs) {
        planes = new long[needs.planes];
        counts = new long[needs.counts];
        rounded = new float[needs.rounded];
    }

    static int paddedRows(int rows) {
        return Math.addExact(rows, ROW_PADDING - 1) / ROW_PADDING * ROW_PADDING;
    }

    /** The largest sizes that the operations of a model ask for. */
    static final class Needs {
        private int planes;
        private int counts;
        private int rounded;

        void planes(int count) {
            planes = Math.max(planes, count);
        }

        void counts(int count) {
            counts = Math.max(counts, count);
        }

        void rounded(int count) {
            rounded = Math.max(rounded, count);
        }
    }
}
