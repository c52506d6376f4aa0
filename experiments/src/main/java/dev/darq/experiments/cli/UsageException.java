package dev.darq.experiments.cli;

/** Wrong use of the command line. The message is one line for a person. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
