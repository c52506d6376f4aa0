package dev.darq.experiments.pareto;

/** How a scheme was chosen. */
enum Method {
    /** Nothing is quantized. */
    FLOAT32("float32"),
    /** All layers alike. */
    UNIFORM("uniform"),
    /** At random among the schemes of the budget's cost. */
    RANDOM("random"),
    /** Least second-order sensitivity within the budget. */
    INTEGER_PROGRAM("integer program"),
    /** Greedy bit descent to the budget. */
    GREEDY("greedy descent"),
    /** Every scheme of the space. */
    EXHAUSTIVE("exhaustive"),
    /** By the search under the budget; the network is the one that was searched, fine-tuned. */
    SEARCHED("searched"),
    /** The searched scheme, trained like all others from the float32 network. */
    RETRAINED("searched scheme, trained like the others");

    private final String label;

    Method(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Whether each scheme stands for itself, and not for a budget. */
    boolean isByScheme() {
        return this == FLOAT32 || this == UNIFORM || this == EXHAUSTIVE;
    }
}
