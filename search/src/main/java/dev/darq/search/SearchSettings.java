package dev.darq.search;

import java.util.List;

/**
 * The bilevel search.
 *
 * @param warmupEpochs          epochs of plain float32 training before the search, so that untrained weights do not
 *                              mislead the architecture parameters
 * @param epochs                epochs of alternating inner and outer steps
 * @param alphaLearningRate     Adam's learning rate of the architecture parameters
 * @param temperature           temperature of the softmax over the architecture parameters
 * @param costs                 cost terms of the outer objective, at least one
 * @param errorWeight           lambda_err, multiplier of the relative quantization error
 */
public record SearchSettings(int warmupEpochs, int epochs, double alphaLearningRate, Temperature temperature,
        List<Budget> costs, double errorWeight) {
    /** Copies the list. */
    public SearchSettings {
        costs = List.copyOf(costs);
    }

    /**
     * Geometric annealing.
     *
     * @param start temperature at the first step of the search, positive
     * @param end   temperature at its last step, positive
     */
    public record Temperature(double start, double end) {
        /** The temperature after a fraction (0 to 1) of the search. */
        public double at(double progress) {
            return start * Math.pow(end / start, progress);
        }
    }
}
