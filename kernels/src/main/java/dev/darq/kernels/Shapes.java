package dev.darq.kernels;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector widths of this process. Static finals, since only then does the compiler turn vectors into registers. No other
 * class may touch this one before the Vector module is known to be there.
 */
final class Shapes {
    private static final VectorShape SHAPE = ProviderChoice.forcedVectorBits().isPresent()
            ? VectorShape.forBitSize(ProviderChoice.forcedVectorBits().getAsInt())
            : VectorShape.preferredShape();

    static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, SHAPE);
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
    static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, SHAPE);
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
    static final VectorSpecies<Byte> WHOLE_BYTES = VectorSpecies.of(byte.class, SHAPE);
    /** As many floats and ints as {@link #LONGS} has lanes. */
    static final VectorSpecies<Float> HALF_FLOATS = VectorSpecies.of(float.class, half());
    static final VectorSpecies<Integer> HALF_INTS = VectorSpecies.of(int.class, half());

    /** As many shorts as {@link #INTS} has lanes. */
    static final VectorSpecies<Short> HALF_SHORTS = VectorSpecies.of(short.class, half());
    /** As many bytes as {@link #SHORTS} has lanes. */
    static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, half());

    /** The rows of a row group: one to a lane of {@link #LONGS}. */
    static final int LANES = LONGS.length();

    private Shapes() {}

    private static VectorShape half() {
        return VectorShape.forBitSize(SHAPE.vectorBitSize() / 2);
    }

    static int bits() {
        return SHAPE.vectorBitSize();
    }

    static int preferredBits() {
        return VectorShape.preferredShape().vectorBitSize();
    }
}
