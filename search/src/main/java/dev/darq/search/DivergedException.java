package dev.darq.search;

/** Training produced a loss that is not a finite number. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergedException(String stage, int step, double loss) {
        super(stage + " diverged at step " + step + ": the loss is " + loss
                + "; a lower learning rate is the usual remedy");
    }
}
