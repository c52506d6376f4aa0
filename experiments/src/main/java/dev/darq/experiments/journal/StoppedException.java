package dev.darq.experiments.journal;

/** A run ended early because it was asked to, with everything saved that it needs to go on. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SIGNALLED = 128;

    private final int signal;

    StoppedException(int signal, String message) {
        super(message);
        this.signal = signal;
    }

    /** What a shell expects of a process that a signal ended: 130 for Ctrl-C. */
    public int exitCode() {
        return SIGNALLED + signal;
    }
}
