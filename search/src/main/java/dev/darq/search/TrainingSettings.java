package dev.darq.search;

/**
 * How weights are trained, in warm-up, search and fine-tuning alike (Adam; the rate falls along a cosine in each
 * stage).
 *
 * @param batchSize    samples a step
 * @param learningRate Adam's learning rate at the start of warm-up and search
 * @param weightDecay  decoupled weight decay, on weight matrices only
 */
public record TrainingSettings(int batchSize, double learningRate, double weightDecay) {}
