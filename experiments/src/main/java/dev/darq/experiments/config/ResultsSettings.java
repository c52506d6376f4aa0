package dev.darq.experiments.config;

import java.nio.file.Path;

/**
 * Where run folders go.
 *
 * @param directory the folder in which each run gets a folder of its own
 */
public record ResultsSettings(Path directory) {}
