package dev.darq.search;

import dev.darq.quantizers.State;

/**
 * Uncertainty weighting (Kendall et al. 2018): the term enters as {@code exp(-s) L + s}, so {@code lambda = exp(-s)}, and
 * {@code s} descends along {@code 1 - exp(-s) L}. Unlike plain descent on lambda this has a minimum, at
 * {@code s = log L}: there a term counts by its relative changes, whatever its scale.
 *
 * <p>
 * {@code s} begins at the minimum for the first value instead of 0, which could be thousands of steps away. Departure:
 * without a floor the objective would fall without end as a term goes to 0, and nothing could stand against it; a term
 * under {@value #LEAST} counts as that much.
 */
final class UncertaintyWeight implements Multiplier {
    private static final double RATE = 0.05;
    private static final double LEAST = 0.01;

    private double s = Double.NaN;

    @Override
    public double lambda() {
        return Double.isNaN(s) ? 0 : Math.exp(-s);
    }

    @Override
    public void update(double value) {
        double least = Math.log(LEAST);
        s = Double.isNaN(s) ? Math.log(Math.max(value, LEAST)) : Math.max(least, s - RATE * (1 - Math.exp(-s) * value));
    }

    @Override
    public void save(State state) {
        state.put("s", s);
    }

    @Override
    public void restore(State state) {
        s = state.real("s");
    }
}
