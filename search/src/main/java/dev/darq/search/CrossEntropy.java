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
        NDArray target = tape.constant(oneHot, new Shape(labels.length, classes));
        NDArray sum = logits.logSoftmax(1).mul(target).sum();
        return sum.mul(Constants.scalar(sum, -1.0 / labels.length));
    }
}
