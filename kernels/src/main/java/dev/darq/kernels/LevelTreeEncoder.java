package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static dev.darq.kernels.Shapes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Encodes three and four bits by a binary search in registers: the thresholds as a heap in the lanes of one vector, looked
 * up by each input's node; after K steps the node, less its leading one, is the index of the level, and another vector
 * holds the codes.
 */
final class LevelTreeEncoder extends VectorPlaneEncoder {
    private static final int LANES = FLOATS.length();

    private final int bits;
    private final float[] heap;
    private final int[] codes;

    LevelTreeEncoder(BinaryLevels levels) {
        super(levels.bits());
        bits = levels.bits();
        heap = new float[LANES];
        codes = new int[LANES];
        System.arraycopy(levels.codes(), 0, codes, 0, levels.codes().length);
        fill(levels.thresholds(), 1, 0, levels.thresholds().length);
    }

    /** Whether a vector has a lane for each level. */
    static boolean fits(int bits) {
        return 1 << bits <= LANES;
    }

    private void fill(float[] thresholds, int node, int from, int to) {
        if (from < to) {
            int middle = (from + to) >>> 1;
            heap[node] = thresholds[middle];
            fill(thresholds, 2 * node, from, middle);
            fill(thresholds, 2 * node + 1, middle + 1, to);
        }
    }

    @Override
    void encodeWords(float[] x, int at, int words, long[] planes, int to, int stride) {
        if (bits == 3) {
            encodeThree(x, at, words, heap, codes, planes, to, stride);
        } else {
            encodeFour(x, at, words, heap, codes, planes, to, stride);
        }
    }

    private static void encodeThree(float[] x, int at, int words, float[] heap, int[] codes, long[] planes, int to,
            int stride) {
        IntVector tree = FloatVector.fromArray(FLOATS, heap, 0).reinterpretAsInts();
        IntVector table = IntVector.fromArray(INTS, codes, 0);
        for (int word = 0; word < words; word++) {
            long p0 = 0;
            long p1 = 0;
            long p2 = 0;
            for (int i = 0; i < Long.SIZE; i += LANES) {
                FloatVector value = FloatVector.fromArray(FLOATS, x, at + word * Long.SIZE + i);
                IntVector node = descend(descend(descend(IntVector.broadcast(INTS, 1), value, tree), value, tree),
                        value,
                        tree);
                IntVector code = node.and(7).selectFrom(table);
                p0 |= bit(code, 1) << i;
                p1 |= bit(code, 2) << i;
                p2 |= bit(code, 4) << i;
            }
            planes[to + word * stride] = p0;
            planes[to + word * stride + 1] = p1;
            planes[to + word * stride + 2] = p2;
        }
    }

    private static void encodeFour(float[] x, int at, int words, float[] heap, int[] codes, long[] planes, int to,
            int stride) {
        IntVector tree = FloatVector.fromArray(FLOATS, heap, 0).reinterpretAsInts();
        IntVector table = IntVector.fromArray(INTS, codes, 0);
        for (int word = 0; word < words; word++) {
            long p0 = 0;
            long p1 = 0;
            long p2 = 0;
            long p3 = 0;
            for (int i = 0; i < Long.SIZE; i += LANES) {
                FloatVector value = FloatVector.fromArray(FLOATS, x, at + word * Long.SIZE + i);
                IntVector node = descend(descend(IntVector.broadcast(INTS, 1), value, tree), value, tree);
                node = descend(descend(node, value, tree), value, tree);
                IntVector code = node.and(15).selectFrom(table);
                p0 |= bit(code, 1) << i;
                p1 |= bit(code, 2) << i;
                p2 |= bit(code, 4) << i;
                p3 |= bit(code, 8) << i;
            }
            planes[to + word * stride] = p0;
            planes[to + word * stride + 1] = p1;
            planes[to + word * stride + 2] = p2;
            planes[to + word * stride + 3] = p3;
        }
    }

    /** To the right child where the value reaches the node's threshold, else to the left. */
    private static IntVector descend(IntVector node, FloatVector value, IntVector tree) {
        FloatVector threshold = node.selectFrom(tree).reinterpretAsFloats();
        IntVector left = node.add(node);
        return left.add(1, value.compare(VectorOperators.GE, threshold).cast(INTS));
    }

    private static long bit(IntVector codes, int bit) {
        return codes.and(bit).compare(VectorOperators.NE, 0).toLong();
    }
}
