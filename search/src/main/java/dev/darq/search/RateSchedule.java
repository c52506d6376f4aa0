package dev.darq.search;

/** How the learning rate goes over a stage of training. */
public enum RateSchedule {
    /** It stays. */
    CONSTANT,
    /** It falls to zero along half a cosine (Loshchilov and Hutter 2017, without restarts). */
    COSINE;

    /** The rate after a fraction (0 to 1) of the stage. */
    double at(double start, double progress) {
        return this == CONSTANT ? start : start * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
