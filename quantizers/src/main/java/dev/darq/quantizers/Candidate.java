package dev.darq.quantizers;

import java.util.ArrayList;
import java.util.List;

/**
 * One choice of the search: a scheme at a bit width, written {@code lsq+4}, {@code pact8}, {@code lq1},
 * {@code float32}.
 *
 * @param scheme the quantization scheme
 * @param bits   bits per value, one of {@link Scheme#bits()}
 */
public record Candidate(Scheme scheme, int bits) implements Comparable<Candidate> {
    /** No quantization. */
    public static final Candidate FLOAT32 = new Candidate(Scheme.FLOAT, 32);

    /** Checks that the scheme is defined for this bit width. */
    public Candidate {
        if (!scheme.bits().contains(bits)) {
            throw new IllegalArgumentException(
                    "scheme '" + scheme.label() + "' has no " + bits + "-bit form; it has " + scheme.bits());
        }
    }

    /**
     * Reads a candidate's name.
     *
     * @throws IllegalArgumentException when no such candidate exists; the message lists the known ones
     */
    public static Candidate parse(String name) {
        for (Candidate candidate : all()) {
            if (candidate.toString().equals(name)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("unknown candidate '" + name + "', expected one of " + all());
    }

    /** Every candidate there is, in the order of {@link Scheme}. */
    public static List<Candidate> all() {
        List<Candidate> candidates = new ArrayList<>();
        for (Scheme scheme : Scheme.values()) {
            scheme.bits().forEach(bits -> candidates.add(new Candidate(scheme, bits)));
        }
        return candidates;
    }

    /** Whether values of this candidate are binary codes that the bitwise kernel can multiply. */
    public boolean isCoded() {
        return scheme != Scheme.FLOAT && scheme != Scheme.TOKEN && bits <= 8;
    }

    /** Whether values of this candidate are floating point numbers. */
    public boolean isFloat() {
        return scheme == Scheme.FLOAT;
    }

    @Override
    public int compareTo(Candidate other) {
        int byScheme = scheme.compareTo(other.scheme);
        return byScheme != 0 ? byScheme : Integer.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return scheme.label() + bits;
    }
}
