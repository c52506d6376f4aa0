package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;

/** Mean cross-entropy of logits against class labels. */
final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * The loss.
     *
     * @param logits {@code [batch, classes]}
     * @param labels class of each row
     * @return a scalar
     */
    static NDArray loss(Tape tape, NDArray logits, int[] labels) {
        int classes = Math.toIntExact(logits.getShape().get(1));
        float[] oneHot = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            oneHot[i * classes + labels[i]] = 1;
        }
        return loss(tape, logits, oneHot);
    }

    /**
     * The loss against probabilities.
     *
     * @param logits        {@code [batch, classes]}
     * @param probabilities of each class, row-major {@code [batch, classes]}
     * @return a scalar
     */
    static NDArray loss(Tape tape, NDArray logits, float[] probabilities) {
        Shape shape = logits.getShape();
        NDArray sum = logits.logSoftmax(1).mul(tape.constant(probabilities, shape)).sum();
        return sum.mul(Constants.scalar(sum, -1.0 / shape.get(0)));
    }
}
