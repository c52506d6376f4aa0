package dev.darq.experiments.config;

import dev.darq.experiments.data.DataSource;

/**
 * What is learned from.
 *
 * @param source     a known data set or a folder
 * @param validation fraction of the training images that the outer steps of the search use, in (0, 0.5]
 */
public record DataSettings(DataSource source, double validation) {}
