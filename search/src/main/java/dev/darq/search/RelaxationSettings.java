package dev.darq.search;

/**
 * How choices are made continuous, and how they become discrete in the course of a search.
 *
 * @param relaxation  which mixture a step runs
 * @param temperature of the softmax over the architecture parameters
 * @param entropy     what it costs that a choice is open
 */
public record RelaxationSettings(Relaxation relaxation, Temperature temperature, EntropyPenalty entropy) {
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

    /**
     * Adds {@code weight * (sum of the choices' entropies, in nats)} to the outer objective.
     *
     * @param weight the weight at the end of the search, at least 0
     * @param start  fraction of the search, at least 0 and under 1, at which the weight begins to rise from 0, linearly:
     *               an early penalty would decide before anything is known
     */
    public record EntropyPenalty(double weight, double start) {
        /** No penalty. */
        public static final EntropyPenalty NONE = new EntropyPenalty(0, 0.5);

        /** The weight after a fraction (0 to 1) of the search. */
        public double at(double progress) {
            return weight * Math.max(0, (progress - start) / (1 - start));
        }
    }
}
