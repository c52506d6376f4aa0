package dev.darq.search;

/** Training came to a number that is not finite. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergedException(String stage, int step, String what) {
        super(stage + " diverged at step " + step + ": " + what
                + "; a lower learning rate is the usual remedy");
    }
}
