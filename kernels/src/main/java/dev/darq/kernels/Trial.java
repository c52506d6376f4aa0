package dev.darq.kernels;

/** Runs one small operation on zeros, over and over: to compile its kernel, and to see when it is fast. */
final class Trial {
    /** The clock is read once in so many runs. */
    private static final int RUNS = 16;

    private final PreparedOperation operation;
    private final int samples;
    private final Scratch scratch;
    private final float[] x;
    private final float[] y;
    private double best = Double.POSITIVE_INFINITY;

    Trial(PreparedOperation operation, int samples) {
        this.operation = operation;
        this.samples = samples;
        Scratch.Needs needs = new Scratch.Needs();
        operation.reserve(needs, samples);
        scratch = new Scratch(needs, operation.threads(samples));
        x = new float[samples * operation.inputs()];
        y = new float[samples * Scratch.paddedRows(operation.outputs())];
    }

    /** The shortest time of one run so far, in microseconds. */
    double best() {
        return best;
    }

    void run() {
        long start = System.nanoTime();
        for (int run = 0; run < RUNS; run++) {
            operation.run(x, 0, operation.inputs(), samples, y, y.length / samples, scratch);
        }
        best = Math.min(best, (System.nanoTime() - start) / 1e3 / RUNS);
    }

    /**
     * Runs two in turn until the first is the faster one: a kernel on vectors is that as soon as it is compiled, if ever.
     *
     * @param nanos when to give up
     * @return whether it became faster
     */
    static boolean overtakes(Trial first, Trial second, long nanos) {
        long start = System.nanoTime();
        do {
            first.run();
            second.run();
        } while (first.best > second.best && System.nanoTime() - start < nanos);
        return first.best <= second.best;
    }
}
