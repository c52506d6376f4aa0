package dev.darq.search;

import java.util.List;

/** Follows training and search as they run. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {
    };

    /**
     * A step that was just done.
     *
     * @param stage which stage runs, for a person to read
     * @param step  steps done in this stage, from 1
     * @param steps steps this stage will take
     * @param loss  cross-entropy of the step's training batch
     * @param costs in a search, the expected cost of each budget as a fraction of the float32 network's; else empty
     */
    record Step(String stage, int step, int steps, double loss, List<Double> costs) {
        /** Copies the list. */
        public Step {
            costs = List.copyOf(costs);
        }
    }

    /** After every step. */
    default void step(Step step) {}

    /** After every epoch of the search. */
    default void epoch(EpochMetrics metrics) {}

    /** After every epoch of quantization-aware training with fixed candidates. */
    default void tuned(TuningEpoch epoch) {}
}
