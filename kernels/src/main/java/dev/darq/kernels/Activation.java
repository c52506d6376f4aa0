package dev.darq.kernels;

/**
 * A function of each element.
 *
 * @param name the name, 1..200 characters
 * @param function the function
 */
public record Activation(String name, ActivationFunction function) implements Operation {}
