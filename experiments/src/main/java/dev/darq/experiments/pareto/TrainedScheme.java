package dev.darq.experiments.pareto;

/**
 * What training a scheme gave.
 *
 * @param scheme   as {@code MixedPrecision.parse} reads it
 * @param accuracy on the test set, 0 to 1
 * @param loss     mean cross-entropy on the test set, in nats
 */
record TrainedScheme(String scheme, double accuracy, double loss) {}
