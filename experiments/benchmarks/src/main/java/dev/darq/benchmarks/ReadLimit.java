package dev.darq.benchmarks;

import java.util.SplittableRandom;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** How fast one thread reads memory again and again: an or over all of it, into four independent results. */
final class ReadLimit implements Timed {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int RESULTS = 4;

    private final long[] words;

    /**
     * Fills memory.
     *
     * @param bytes how much, a multiple of 256
     */
    ReadLimit(int bytes) {
        words = new SplittableRandom(1).longs(bytes / Long.BYTES).toArray();
    }

    /** The bytes that one run reads. */
    long bytes() {
        return (long) words.length * Long.BYTES;
    }

    @Override
    public Object run() {
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (int i = 0; i < words.length; i += RESULTS * LANES) {
            a = a.or(LongVector.fromArray(SPECIES, words, i));
            b = b.or(LongVector.fromArray(SPECIES, words, i + LANES));
            c = c.or(LongVector.fromArray(SPECIES, words, i + 2 * LANES));
            d = d.or(LongVector.fromArray(SPECIES, words, i + 3 * LANES));
        }
        return a.or(b).or(c.or(d)).reduceLanes(VectorOperators.OR);
    }
}
