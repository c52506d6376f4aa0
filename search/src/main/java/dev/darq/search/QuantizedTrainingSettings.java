package dev.darq.search;

/**
 * Quantization-aware training with fixed candidates.
 *
 * @param epochs       passes over the training examples
 * @param learningRate Adam's learning rate at the start
 * @param rate         how it goes on from there
 * @param weightDecay  decoupled weight decay, on weight matrices only
 * @param schedule     how the layers come to their target candidates
 * @param distillation what the float32 network teaches
 * @param augmentation what is done to the training examples
 * @param keep         which epoch's network is the result
 */
public record QuantizedTrainingSettings(int epochs, double learningRate, RateSchedule rate, double weightDecay,
        PrecisionSchedule schedule, DistillationSettings distillation, Augmentation augmentation, Keep keep) {
    /** Which epoch's network is the result. */
    public enum Keep {
        /** The last one. */
        LAST,
        /** Of those with the target candidates the one most accurate on the validation examples, the first of equals. */
        BEST
    }
}
