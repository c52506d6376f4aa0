package dev.darq.search;

/**
 * Early stopping on curvature (R-DARTS, Zela et al. 2020, section 4.3): a search stops when the largest eigenvalue of the
 * architecture's Hessian has grown, since sharp minima lose most when the mixture is discretised.
 *
 * @param every  epochs from one measurement to the next, at least 1
 * @param factor growth of the smoothed eigenvalue over {@code window} measurements that stops, above 1; 1.33 in R-DARTS
 * @param window measurements that are averaged and that lie between the two compared, at least 1; 5 in R-DARTS
 */
public record EarlyStopping(int every, double factor, int window) {}
