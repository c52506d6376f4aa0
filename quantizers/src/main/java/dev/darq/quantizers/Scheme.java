package dev.darq.quantizers;

import java.util.List;

/** The quantization schemes a {@link Candidate} can name, with the bit widths each is defined for. */
public enum Scheme {
    /** Learned step size with a learned offset for activations (Bhalgat et al. 2020, LSQ+). */
    LSQ_PLUS("lsq+", List.of(1, 2, 3, 4, 8, 16)),
    /** Learned clipping value (Choi et al. 2018, PACT). */
    PACT("pact", List.of(1, 2, 3, 4, 8, 16)),
    /** Uniform symmetric quantization with a scale taken from the data. */
    UNIFORM("uniform", List.of(1, 2, 3, 4, 8, 16)),
    /** Learned binary codes fitted by QEM (Zhang et al. 2018, LQ-Nets). */
    LQ("lq", List.of(1, 2, 3, 4, 8)),
    /** IEEE floating point: half precision or none at all. */
    FLOAT("float", List.of(16, 32));

    private final String label;
    private final List<Integer> bits;

    Scheme(String label, List<Integer> bits) {
        this.label = label;
        this.bits = bits;
    }

    /** The name used in configurations and tables, for example {@code lsq+}. */
    public String label() {
        return label;
    }

    /** The bit widths this scheme is defined for, ascending. */
    public List<Integer> bits() {
        return bits;
    }
}
