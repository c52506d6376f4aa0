package dev.darq.quantizers;

/**
 * Where the uniform schemes clip their data (formulas.md, "Uniform symmetric"). What calibration finds is kept as a
 * fraction of the range, so that a scale can go on following its data cheaply.
 */
public enum Clip {
    /** Nowhere: the range is that of the data. */
    MAX("max"),
    /** At the 99.9th percentile of the magnitudes. */
    PERCENTILE("percentile"),
    /** Where the squared error is least. */
    MSE("mse");

    private final String label;

    Clip(String label) {
        this.label = label;
    }

    /** The name used in configurations. */
    public String label() {
        return label;
    }
}
