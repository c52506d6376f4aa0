package dev.darq.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bilevel search.
 *
 * @param warmupEpochs          epochs of plain float32 training before the search, so that untrained weights do not
 *                              mislead the architecture parameters
 * @param epochs                epochs over which the learning rate and the temperature fall
 * @param settlingEpochs        the last of these, 0 or more and less than all unless there are none: the scheme is chosen
 *                              before them, and they train it alone; the others alternate inner and outer steps
 * @param order                 how weights and architecture parameters take turns
 * @param alphaLearningRate     Adam's learning rate of the architecture parameters
 * @param relaxation            how choices are made continuous
 * @param costs                 cost terms of the outer objective, at least one
 * @param error                 its term for the relative quantization error
 * @param earlyStopping         when to stop before the last epoch, if ever
 */
public record SearchSettings(int warmupEpochs, int epochs, int settlingEpochs, Order order, double alphaLearningRate,
        RelaxationSettings relaxation, List<Budget> costs, ErrorTerm error, @Nullable EarlyStopping earlyStopping) {
    /** Copies the list. */
    public SearchSettings {
        costs = List.copyOf(costs);
    }

    /** Epochs of alternating inner and outer steps. */
    int mixedEpochs() {
        return epochs - settlingEpochs;
    }
}
