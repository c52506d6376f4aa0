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
     * @param costs   in a search, the expected cost of each budget as a fraction of the float32 network's; else empty
     * @param lambdas in a search, the multiplier of each budget, then that of the error; else empty
     */
    record Step(String stage, int step, int steps, double loss, List<Double> costs, List<Double> lambdas) {
        /** Copies the lists. */
        public Step {
            costs = List.copyOf(costs);
            lambdas = List.copyOf(lambdas);
        }

        /** A step of a training. */
        public Step(String stage, int step, int steps, double loss) {
            this(stage, step, steps, loss, List.of(), List.of());
        }
    }

    /**
     * A search that stopped before its last epoch since the curvature has grown.
     *
     * @param epoch  epochs done
     * @param back   the epoch whose architecture parameters were taken back
     * @param growth the smoothed curvature, as a multiple of that of the epoch taken back
     */
    record EarlyStop(int epoch, int back, double growth) {}

    /** After every step. */
    default void step(Step step) {}

    /** After every epoch of the search. */
    default void epoch(EpochMetrics metrics) {}

    /** After the last epoch of a search that stops early. */
    default void stopped(EarlyStop stop) {}

    /** After every epoch of quantization-aware training with fixed candidates. */
    default void tuned(TuningEpoch epoch) {}
}
