package dev.darq.quantizers;

/** How many weights share a scale or a basis. Activations always share one a tensor, or have one a sample ({@code token}). */
public enum Granularity {
    /** What the scheme's paper does: {@link Scheme#weightGranularity()}. */
    PAPER("paper"),
    /** One for the whole matrix. */
    TENSOR("tensor"),
    /** One for each output channel, a row of the matrix. */
    CHANNEL("channel"),
    /** One for each group of neighbouring inputs of an output channel. */
    GROUP("group");

    private final String label;

    Granularity(String label) {
        this.label = label;
    }

    /** The name used in configurations. */
    public String label() {
        return label;
    }
}
