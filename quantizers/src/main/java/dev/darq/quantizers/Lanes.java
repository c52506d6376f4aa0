package dev.darq.quantizers;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that sweeps over data run on: the machine's preferred width. The last, partial one is masked, so that every
 * formula is written once. Sums are taken lane by lane, in a fixed order: the same on every run of a machine.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int COUNT = FLOATS.length();

    private Lanes() {}

    /** The lanes of a vector at {@code i} that lie before {@code end}. */
    static VectorMask<Float> before(int end, int i) {
        return FLOATS.indexInRange(i, end);
    }

    /**
     * The sum of the lanes, one after the other. The library's own sum takes another order once it is compiled, and a run would
     * not repeat itself.
     */
    static float sum(FloatVector lanes) {
        float sum = 0;
        for (float lane : lanes.toArray()) {
            sum += lane;
        }
        return sum;
    }

    static FloatVector load(float[] values, int i, VectorMask<Float> lanes) {
        return FloatVector.fromArray(FLOATS, values, i, lanes);
    }
}
