package dev.darq.kernels;

import java.time.Duration;

/**
 * Runs a packed model. Owns its scratch memory and allocates nothing while running: cheap to make, one per thread, not
 * thread-safe. Kernels are chosen for calls of a certain number of samples ({@link PackedModel#session(int)}); any other
 * number works too. Products that would take a single thread longer than some 200 us are shared by several
 * ({@code -Ddarq.threads=1} forbids it).
 */
public final class Session {
    private final PackedModel model;
    private final Preparation preparation;
    private final float[] scores;
    private PreparedModel prepared;
    private Scratch scratch;
    /** The vectors between operations, in turn. */
    private final float[] even;
    private final float[] odd;

    Session(PackedModel model, Preparation preparation) {
        this.model = model;
        this.preparation = preparation;
        scores = new float[model.outputs()];
        prepared = preparation.current();
        scratch = prepared.scratch();
        even = new float[Math.multiplyExact(prepared.batch(), prepared.widest())];
        odd = new float[even.length];
    }

    /** What to run: other kernels than before, once, when they are compiled. */
    @SuppressWarnings("ReferenceEquality") // a change is a new object
    private PreparedModel prepared() {
        PreparedModel current = preparation.current();
        if (current != prepared) {
            prepared = current;
            scratch = current.scratch();
        }
        return current;
    }

    /**
     * Runs one sample.
     *
     * @param input {@code [inputs]}
     * @param output takes {@code [outputs]}
     * @throws IllegalArgumentException if a length is wrong
     */
    public void run(float[] input, float[] output) {
        run(input, 1, output);
    }

    /**
     * Runs a batch; the results are those of single runs of this session to the last bit.
     *
     * @param input {@code [batch, inputs]}
     * @param batch the number of samples, at least 0
     * @param output takes {@code [batch, outputs]}
     * @throws IllegalArgumentException if a length is wrong
     */
    public void run(float[] input, int batch, float[] output) {
        requireLength("input", batch, model.inputs(), input.length);
        requireLength("output", batch, model.outputs(), output.length);
        PreparedModel prepared = prepared();
        for (int first = 0; first < batch; first += prepared.batch()) {
            runBlock(prepared, input, first, Math.min(prepared.batch(), batch - first), output);
        }
    }

    private void runBlock(PreparedModel prepared, float[] input, int first, int samples, float[] output) {
        float[] x = input;
        int xAt = first * model.inputs();
        int xStride = model.inputs();
        for (int i = 0; i < prepared.steps().size(); i++) {
            float[] y = (i & 1) == 0 ? even : odd;
            prepared.steps().get(i).run(x, xAt, xStride, samples, y, prepared.widest(), scratch);
            x = y;
            xAt = 0;
            xStride = prepared.widest();
        }
        for (int sample = 0; sample < samples; sample++) {
            System.arraycopy(x, sample * xStride, output, (first + sample) * model.outputs(), model.outputs());
        }
    }

    /**
     * Runs one sample and takes the index of the largest output, the lowest index among equals.
     *
     * @param input {@code [inputs]}
     * @throws IllegalArgumentException if its length is wrong
     */
    public int predict(float[] input) {
        run(input, scores);
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The number of operations. */
    public int operations() {
        return preparation.current().operations().size();
    }

    /** The name of what computes an operation: {@code popcount}, {@code integer}, {@code float32} or {@code function}. */
    public String kernelOf(int operation) {
        return preparation.current().operations().get(operation).kernel();
    }

    /** The length of an operation's input. */
    public int inputsOf(int operation) {
        return preparation.current().operations().get(operation).inputs();
    }

    /** The length of an operation's output. */
    public int outputsOf(int operation) {
        return preparation.current().operations().get(operation).outputs();
    }

    /**
     * Runs a single operation, to look between operations or to time them.
     *
     * @param operation its index
     * @param input {@code [inputsOf(operation)]}
     * @param output takes {@code [outputsOf(operation)]}
     * @throws IllegalArgumentException if a length is wrong
     */
    public void runOperation(int operation, float[] input, float[] output) {
        PreparedOperation prepared = prepared().operations().get(operation);
        requireLength("input of operation " + operation, 1, prepared.inputs(), input.length);
        requireLength("output of operation " + operation, 1, prepared.outputs(), output.length);
        prepared.run(input, 0, input.length, 1, even, even.length, scratch);
        System.arraycopy(even, 0, output, 0, prepared.outputs());
    }

    /**
     * Waits until the compiled kernels of this machine have taken over from the scalar ones that answer first.
     *
     * @param limit how long to wait; two seconds are enough for most models
     * @return whether they have
     */
    public boolean warmUp(Duration limit) {
        return preparation.await(limit);
    }

    private static void requireLength(String what, int batch, int width, int actual) {
        if (batch < 0 || (long) batch * width != actual) {
            throw new IllegalArgumentException(
                    what + ": expected length " + batch + " x " + width + ", got " + actual);
        }
    }
}
