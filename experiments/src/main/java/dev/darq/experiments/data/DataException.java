package dev.darq.experiments.data;

/** Data that is missing or cannot be used. The message is one line for a person. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataException(String message) {
        super(message);
    }

    DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
