package dev.darq.quantizers;

import java.util.List;

/** The quantization schemes a {@link Candidate} can name, with the bit widths each is defined for. */
public enum Scheme {
    /** Learned step size with a learned offset for activations (Bhalgat et al. 2020, LSQ+). */
    LSQ_PLUS("lsq+"),
    /** Learned clipping value (Choi et al. 2018, PACT). */
    PACT("pact"),
    /** Uniform symmetric quantization with a scale taken from the data. */
    UNIFORM("uniform"),
    /** Learned binary codes fitted by QEM (Zhang et al. 2018, LQ-Nets). */
    LQ("lq"),
    /** IEEE floating point: half precision or none at all. */
    FLOAT("float");

    private final String label;

    Scheme(String label) {
        this.label = label;
    }

    /** The name used in configurations and tables, for example {@code lsq+}. */
    public String label() {
        return label;
    }

    /** The bit widths this scheme is defined for, ascending. */
    public List<Integer> bits() {
        return switch (this) {
            case LSQ_PLUS, PACT, UNIFORM -> List.of(1, 2, 3, 4, 8, 16);
            case LQ -> List.of(1, 2, 3, 4, 8);
            case FLOAT -> List.of(16, 32);
        };
    }
}
