package dev.darq.experiments.journal;

/** There is nothing that a run could go on from, or it belongs to something else. The message is one line for a person. */
public final class ResumeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says which folder or file it is about, and what to do instead. */
    public ResumeException(String message) {
        super(message);
    }
}
