package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;

/** Runs a network over examples without gradients. */
public final class Evaluation {
    /** No larger than usual training batches, so that evaluating between epochs needs no memory of its own. */
    private static final int BATCH = 128;

    private Evaluation() {}

    /**
     * Logits of every example, of the fake-quantized network (of a searched one: its most probable candidates).
     *
     * @return row-major {@code [examples, classes]}
     */
    public static float[] logits(Network network, Examples examples) {
        return logits(network, examples, Pass.EVALUATE_HARD);
    }

    /** Logits of every example, of a searched network's mixtures. */
    public static float[] softLogits(Network network, Examples examples) {
        return logits(network, examples, Pass.EVALUATE_SOFT);
    }

    static float[] logits(Network network, Examples examples, Pass pass) {
        int classes = network.spec().classes();
        float[] all = new float[examples.size() * classes];
        int[] order = Batch.inOrder(examples.size());
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int from = 0; from < order.length; from += BATCH) {
                Batch batch = Batch.of(examples, order, from, Math.min(from + BATCH, order.length));
                try (Tape tape = new Tape(manager, false)) {
                    NDArray x = tape.constant(batch.features(), new Shape(batch.size(), batch.width()));
                    float[] logits = new float[batch.size() * classes];
                    Constants.read(network.forward(tape, x, pass), logits);
                    System.arraycopy(logits, 0, all, from * classes, logits.length);
                }
            }
        }
        return all;
    }

    /** Share of examples whose highest logit, the first of equals, is their label. */
    public static double accuracy(float[] logits, Examples examples) {
        int classes = logits.length / examples.size();
        int right = 0;
        for (int i = 0; i < examples.size(); i++) {
            right += prediction(logits, i, classes) == examples.label(i) ? 1 : 0;
        }
        return (double) right / examples.size();
    }

    /** Mean cross-entropy of logits against the labels, in nats. */
    public static double loss(float[] logits, Examples examples) {
        int classes = logits.length / examples.size();
        double total = 0;
        for (int i = 0; i < examples.size(); i++) {
            double highest = logits[i * classes + prediction(logits, i, classes)];
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(logits[i * classes + c] - highest);
            }
            total += highest + Math.log(sum) - logits[i * classes + examples.label(i)];
        }
        return total / examples.size();
    }

    /** The class of highest logit, the first of equals. */
    public static int prediction(float[] logits, int example, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (logits[example * classes + c] > logits[example * classes + best]) {
                best = c;
            }
        }
        return best;
    }
}
