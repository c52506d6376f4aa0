package dev.darq.experiments.config;

/**
 * A configuration that cannot be used. The message is one line for a person: {@code file:line:column: path: what was
 * expected}.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }

    ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
