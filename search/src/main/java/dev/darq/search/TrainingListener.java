package dev.darq.search;

/** Follows training and search as they run. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {
    };

    /**
     * After every step.
     *
     * @param stage which stage runs, for a person to read
     * @param step  steps done in this stage, from 1
     * @param steps steps this stage will take
     * @param loss  training loss of the step
     */
    default void step(String stage, int step, int steps, double loss) {}

    /** After every epoch of the search. */
    default void epoch(EpochMetrics metrics) {}
}
