package dev.darq.experiments.config;

/**
 * When a run saves itself.
 *
 * @param everySteps steps between two checkpoints, or 0 for the end of every epoch
 */
public record CheckpointSettings(int everySteps) {
    /** At the end of every epoch. */
    public static final CheckpointSettings EVERY_EPOCH = new CheckpointSettings(0);

    static final String EPOCH = "epoch";

    /** What a configuration says. */
    String label() {
        return everySteps == 0 ? EPOCH : Integer.toString(everySteps);
    }
}
