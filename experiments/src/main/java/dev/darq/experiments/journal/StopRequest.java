package dev.darq.experiments.journal;

/** Whether a run shall end after the step under way. */
@FunctionalInterface
public interface StopRequest {
    /** Nobody asks. */
    StopRequest NEVER = () -> 0;

    /** The number of the signal that asked, 0 as long as none did. */
    int signal();
}
