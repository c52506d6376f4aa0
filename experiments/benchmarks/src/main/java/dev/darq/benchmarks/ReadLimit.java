package dev.darq.benchmarks;

import java.util.SplittableRandom;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** How fast one thread reads memory again and again: an or over all of it, into eight independent results. */
final class ReadLimit implements Timed {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int RESULTS = 8;

    private final long[] words;

    /**
     * Fills memory.
     *
     * @param bytes how much, a multiple of 512
     */
    ReadLimit(int bytes) {
        words = new SplittableRandom(1).longs(bytes / Long.BYTES).toArray();
    }

    @Override
    public Object run() {
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        LongVector e = a;
        LongVector f = a;
        LongVector g = a;
        LongVector h = a;
        for (int i = 0; i < words.length; i += RESULTS * LANES) {
            a = a.or(load(i));
            b = b.or(load(i + LANES));
            c = c.or(load(i + 2 * LANES));
            d = d.or(load(i + 3 * LANES));
            e = e.or(load(i + 4 * LANES));
            f = f.or(load(i + 5 * LANES));
            g = g.or(load(i + 6 * LANES));
            h = h.or(load(i + 7 * LANES));
        }
        return a.or(b).or(c.or(d)).or(e.or(f).or(g.or(h))).reduceLanes(VectorOperators.OR);
    }

    private LongVector load(int at) {
        return LongVector.fromArray(SPECIES, words, at);
    }
}
