package dev.darq.search;

/**
 * Training of the discrete network after the search.
 *
 * @param epochs       passes over the training split
 * @param learningRate Adam's learning rate at the start of this stage
 */
public record FinetuneSettings(int epochs, double learningRate) {}
