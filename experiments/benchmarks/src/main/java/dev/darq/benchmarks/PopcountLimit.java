package dev.darq.benchmarks;

import java.util.SplittableRandom;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast this processor counts: xor, popcount and add on vectors of its preferred width, into eight independent sums,
 * each word that is loaded from the first-level cache being held against four in registers.
 */
final class PopcountLimit implements Timed {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int HELD = 4;
    private static final int REPEATS = 16;
    /** Constant, or the checks of bounds would be what is measured. */
    private static final long[] WORDS = new SplittableRandom(1).longs(128L * LANES).toArray();

    /** The bits that one operation takes. */
    static int width() {
        return SPECIES.vectorBitSize();
    }

    /** The operations of one run. */
    static int operations() {
        return WORDS.length / LANES * HELD * REPEATS;
    }

    @Override
    public Object run() {
        LongVector x0 = load(0);
        LongVector x1 = load(LANES);
        LongVector x2 = load(2 * LANES);
        LongVector x3 = load(3 * LANES);
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        LongVector e = a;
        LongVector f = a;
        LongVector g = a;
        LongVector h = a;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            for (int i = 0; i < WORDS.length; i += 2 * LANES) {
                LongVector v = load(i);
                LongVector w = load(i + LANES);
                a = a.add(count(v, x0));
                b = b.add(count(v, x1));
                c = c.add(count(v, x2));
                d = d.add(count(v, x3));
                e = e.add(count(w, x0));
                f = f.add(count(w, x1));
                g = g.add(count(w, x2));
                h = h.add(count(w, x3));
            }
        }
        return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).reduceLanes(VectorOperators.ADD);
    }

    private static LongVector load(int at) {
        return LongVector.fromArray(SPECIES, WORDS, at);
    }

    private static LongVector count(LongVector word, LongVector held) {
        return word.lanewise(VectorOperators.XOR, held).lanewise(VectorOperators.BIT_COUNT);
    }
}
