package dev.darq.search;

/**
 * Knowledge distillation from the float32 network.
 *
 * @param temperature by which both networks' logits are divided, positive
 * @param weight      share of the teacher in the loss, 0 to 1; 0 for no distillation
 */
public record DistillationSettings(double temperature, double weight) {
    /** No teacher. */
    public static final DistillationSettings NONE = new DistillationSettings(4, 0);
}
