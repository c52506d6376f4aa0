package dev.darq.benchmarks;

/** A network on one library, with its input in place; {@link #run} infers one batch on the calling thread. */
interface Contender extends Timed, AutoCloseable {
    /** The outputs of the last run, {@code [batch, outputs]}. */
    float[] output();

    /** Frees what the library holds. */
    @Override
    default void close() throws Exception {}
}
