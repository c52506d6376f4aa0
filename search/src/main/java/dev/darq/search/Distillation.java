package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;

/**
 * Knowledge distillation (Hinton et al. 2015): the quantized network also learns what its float32 teacher says,
 * {@code (1 - w) CE(labels) + w T^2 KL(softmax(teacher/T) || softmax(student/T))}. {@code T^2} keeps the second term's
 * gradient of the same size whatever the temperature (section 2 there).
 */
final class Distillation {
    private final Network teacher;
    private final DistillationSettings settings;

    Distillation(Network teacher, DistillationSettings settings) {
        this.teacher = teacher;
        this.settings = settings;
    }

    /** What the teacher says to these inputs: {@code softmax(logits / T)}, row-major {@code [batch, classes]}. */
    float[] softLabels(NDManager manager, Batch batch) {
        try (Tape tape = new Tape(manager, false)) {
            NDArray x = tape.constant(batch.features(), new Shape(batch.size(), batch.width()));
            NDArray logits = teacher.forward(tape, x, Pass.EVALUATE_FLOAT);
            float[] labels = new float[Math.toIntExact(logits.size())];
            Constants.read(logits.mul(Constants.scalar(logits, 1 / settings.temperature())).softmax(1), labels);
            return labels;
        }
    }

    /**
     * The loss.
     *
     * @param logits     {@code [batch, classes]} of the student
     * @param labels     class of each row
     * @param softLabels what {@link #softLabels} gives
     * @return a scalar
     */
    NDArray loss(Tape tape, NDArray logits, int[] labels, float[] softLabels) {
        double temperature = settings.temperature();
        double share = settings.weight() * temperature * temperature;
        NDArray hard = CrossEntropy.loss(tape, logits, labels);
        NDArray soft = CrossEntropy.loss(tape, logits.mul(Constants.scalar(logits, 1 / temperature)), softLabels);
        // The entropy of the soft labels is a constant, which makes the cross-entropy a divergence.
        double entropy = 0;
        for (float p : softLabels) {
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        NDArray divergence = soft.sub(Constants.scalar(soft, entropy / labels.length));
        return hard.mul(Constants.scalar(hard, 1 - settings.weight()))
                .add(divergence.mul(Constants.scalar(soft, share)));
    }
}
