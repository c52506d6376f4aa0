package dev.darq.benchmarks;

import java.util.List;
import java.util.SplittableRandom;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast one thread reads memory again and again: a xor over all of it, into eight independent results. Front to back or
 * four quarters side by side: which one is faster depends on the cache.
 */
final class ReadLimit implements Timed {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int RESULTS = 8;

    private final long[] words;
    private final boolean quarters;

    private ReadLimit(long[] words, boolean quarters) {
        this.words = words;
        this.quarters = quarters;
    }

    /**
     * Both ways over the same memory.
     *
     * @param bytes how much, a multiple of 2048
     */
    static List<ReadLimit> both(int bytes) {
        long[] words = new SplittableRandom(1).longs(bytes / Long.BYTES).toArray();
        return List.of(new ReadLimit(words, false), new ReadLimit(words, true));
    }

    @Override
    public Object run() {
        return quarters ? inQuarters(words) : frontToBack(words);
    }

    private static long frontToBack(long[] words) {
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        LongVector e = a;
        LongVector f = a;
        LongVector g = a;
        LongVector h = a;
        for (int i = 0; i < words.length; i += RESULTS * LANES) {
            a = fold(a, words, i);
            b = fold(b, words, i + LANES);
            c = fold(c, words, i + 2 * LANES);
            d = fold(d, words, i + 3 * LANES);
            e = fold(e, words, i + 4 * LANES);
            f = fold(f, words, i + 5 * LANES);
            g = fold(g, words, i + 6 * LANES);
            h = fold(h, words, i + 7 * LANES);
        }
        return fold(fold(fold(a, b), fold(c, d)), fold(fold(e, f), fold(g, h))).reduceLanes(VectorOperators.XOR);
    }

    private static long inQuarters(long[] words) {
        int quarter = words.length / 4;
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        LongVector e = a;
        LongVector f = a;
        LongVector g = a;
        LongVector h = a;
        for (int i = 0; i < quarter; i += 2 * LANES) {
            a = fold(a, words, i);
            b = fold(b, words, i + LANES);
            c = fold(c, words, i + quarter);
            d = fold(d, words, i + quarter + LANES);
            e = fold(e, words, i + 2 * quarter);
            f = fold(f, words, i + 2 * quarter + LANES);
            g = fold(g, words, i + 3 * quarter);
            h = fold(h, words, i + 3 * quarter + LANES);
        }
        return fold(fold(fold(a, b), fold(c, d)), fold(fold(e, f), fold(g, h))).reduceLanes(VectorOperators.XOR);
    }

    private static LongVector fold(LongVector result, long[] words, int at) {
        return fold(result, LongVector.fromArray(SPECIES, words, at));
    }

    private static LongVector fold(LongVector a, LongVector b) {
        return a.lanewise(VectorOperators.XOR, b);
    }
}
