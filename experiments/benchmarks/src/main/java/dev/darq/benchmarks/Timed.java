package dev.darq.benchmarks;

/** Something whose call is timed. */
interface Timed {
    /**
     * Does the work once.
     *
     * @return what came out, for JMH's black hole
     */
    Object run() throws Exception;
}
