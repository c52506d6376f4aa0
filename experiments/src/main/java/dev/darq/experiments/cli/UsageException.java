package dev.darq.experiments.cli;

/** Wrong use of the command line. The message is one line for a person. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message one line for a person
     */
    public UsageException(String message) {
        super(message);
    }
}
