package dev.darq.search;

/** How weights and architecture parameters take turns. */
public enum Order {
    /** The architecture's gradient takes the weights as given (DARTS, Liu et al. 2019, with xi = 0). */
    FIRST("first"),
    /** The architecture's gradient goes through one virtual step of the weights (DARTS, equations 6 to 8). */
    SECOND("second"),
    /** Both move on the same batch of the training split, by one backward pass: no bilevel problem any more. */
    SINGLE_LEVEL("single-level");

    private final String label;

    Order(String label) {
        this.label = label;
    }

    /** The name in a configuration. */
    public String label() {
        return label;
    }
}
