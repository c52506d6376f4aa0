package dev.darq.kernels;

/** One step of a packed model. */
public sealed interface Operation permits Linear, Activation {
    /** The longest name in characters. */
    int LONGEST_NAME = 200;

    /** The name of the operation, unique in its model. */
    String name();
}
