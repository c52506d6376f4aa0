package dev.darq.benchmarks;

import java.util.SplittableRandom;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast this processor counts: xor, popcount and add on vectors of its preferred width, one operand in a register and
 * one in the first-level cache, into eight independent sums.
 */
final class PopcountLimit implements Timed {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int COUNTERS = 8;
    private static final int BLOCKS = 16;
    private static final int REPEATS = 32;

    private final long[] words = new SplittableRandom(1).longs(COUNTERS * BLOCKS * (long) LANES).toArray();
    private final LongVector other = LongVector.fromArray(SPECIES, words, 0);

    /** The bits that one operation takes. */
    static int width() {
        return SPECIES.vectorBitSize();
    }

    /** The operations of one run. */
    static int operations() {
        return COUNTERS * BLOCKS * REPEATS;
    }

    @Override
    public Object run() {
        LongVector x = other;
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        LongVector e = a;
        LongVector f = a;
        LongVector g = a;
        LongVector h = a;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            for (int i = 0; i < words.length; i += COUNTERS * LANES) {
                a = a.add(count(x, i));
                b = b.add(count(x, i + LANES));
                c = c.add(count(x, i + 2 * LANES));
                d = d.add(count(x, i + 3 * LANES));
                e = e.add(count(x, i + 4 * LANES));
                f = f.add(count(x, i + 5 * LANES));
                g = g.add(count(x, i + 6 * LANES));
                h = h.add(count(x, i + 7 * LANES));
            }
        }
        return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).reduceLanes(VectorOperators.ADD);
    }

    private LongVector count(LongVector x, int at) {
        return LongVector.fromArray(SPECIES, words, at).lanewise(VectorOperators.XOR, x)
                .lanewise(VectorOperators.BIT_COUNT);
    }
}
