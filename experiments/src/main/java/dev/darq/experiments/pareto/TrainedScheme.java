package dev.darq.experiments.pareto;

import org.jspecify.annotations.Nullable;

/**
 * What training a scheme gave.
 *
 * @param scheme   as {@code MixedPrecision.parse} reads it
 * @param accuracy on the test set, 0 to 1
 * @param loss     mean cross-entropy on the test set, in nats
 * @param gap      of a searched scheme: accuracy of the mixtures less that of the settled scheme before fine-tuning
 */
record TrainedScheme(String scheme, double accuracy, double loss, @Nullable Double gap) {}
