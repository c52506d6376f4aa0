package dev.darq.kernels;

import static dev.darq.kernels.Shapes.HALF_FLOATS;
import static dev.darq.kernels.Shapes.HALF_INTS;
import static dev.darq.kernels.Shapes.LANES;
import static dev.darq.kernels.Shapes.LONGS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The popcount product with one output row to a lane, so that no sum runs across lanes.
 *
 * <p>A <em>stream</em> is one plane of one group of rows; stream {@code group * bits + plane}. Streams are counted in blocks,
 * interleaved as {@code [block][word][stream in block][lane]}: the words of the input, broadcast, serve all of a block, and
 * memory is read in order. The last block is filled with zero streams, whose counts nobody reads. Counting and the float part
 * of {@link FoldedProduct}'s formula alternate over chunks of groups, so that the counts between them stay in the cache.
 */
final class VectorBitProduct implements BitProduct {
    /** Popcounts to floats in one instruction where the machine has it; elsewhere by way of ints. */
    private static final boolean CONVERTS_LONGS = LONGS.vectorBitSize() == 512;

    /** The most counters between counting and summing, some 8 KB with 512 bits. */
    private static final int COUNTERS = 128;

    private final int groups;
    private final int words;
    private final int columns;
    private final int bits;
    private final float[] inputBasis;
    private final int blocks;
    private final int streamsPerBlock;
    private final int groupsPerChunk;
    private final int blocksPerChunk;
    private final long[] weights;
    /** {@code [group][plane][lane]}. */
    private final float[] basis;
    private final float[] offset;
    private final float[] bias;

    VectorBitProduct(FoldedProduct product) {
        words = product.words;
        columns = product.columns;
        bits = product.weights.bits();
        inputBasis = product.inputBasis;
        streamsPerBlock = inputBasis.length <= 4 ? NarrowCounts.STREAMS : WideCounts.STREAMS;
        groups = Math.ceilDiv(product.rows, LANES);
        blocks = Math.ceilDiv(groups * bits, streamsPerBlock);
        // A multiple of four groups is whole blocks, whatever the number of planes.
        groupsPerChunk = 4 * Math.max(1, COUNTERS / 4 / (bits * inputBasis.length));
        blocksPerChunk = groupsPerChunk * bits / streamsPerBlock;
        int blockLength = streamsPerBlock * LANES;
        weights = new long[Math.multiplyExact(Math.multiplyExact(blocks, words), blockLength)];
        basis = new float[groups * bits * LANES];
        offset = Arrays.copyOf(product.weights.offset(), groups * LANES);
        bias = Arrays.copyOf(product.bias, groups * LANES);
        for (int row = 0; row < product.rows; row++) {
            for (int plane = 0; plane < bits; plane++) {
                int stream = row / LANES * bits + plane;
                basis[stream * LANES + row % LANES] = product.weights.basis()[row * bits + plane];
                int from = (row * bits + plane) * words;
                int to = stream / streamsPerBlock * words * blockLength + stream % streamsPerBlock * LANES
                        + row % LANES;
                for (int word = 0; word < words; word++) {
                    weights[to + word * blockLength] = product.weights.planes()[from + word];
                }
            }
        }
    }

    @Override
    public int counts() {
        return Math.min(blocks, blocksPerChunk) * streamsPerBlock * inputBasis.length * LANES;
    }

    @Override
    public void multiply(long[] x, float inputSum, long[] counts, float[] y, int at) {
        for (int group = 0, block = 0; group < groups; group += groupsPerChunk, block += blocksPerChunk) {
            count(x, block, Math.min(blocks, block + blocksPerChunk), counts);
            int to = Math.min(groups, group + groupsPerChunk);
            combine(counts, group, to, inputSum, y, at);
        }
    }

    private void count(long[] x, int from, int to, long[] counts) {
        switch (inputBasis.length) {
            case 1 -> NarrowCounts.planes1(weights, x, words, from, to, counts);
            case 2 -> NarrowCounts.planes2(weights, x, words, from, to, counts);
            case 3 -> NarrowCounts.planes3(weights, x, words, from, to, counts);
            case 4 -> NarrowCounts.planes4(weights, x, words, from, to, counts);
            case 5 -> WideCounts.planes5(weights, x, words, from, to, counts);
            case 6 -> WideCounts.planes6(weights, x, words, from, to, counts);
            case 7 -> WideCounts.planes7(weights, x, words, from, to, counts);
            case 8 -> WideCounts.planes8(weights, x, words, from, to, counts);
            default -> throw new IllegalStateException("no kernel for " + inputBasis.length + " planes");
        }
    }

    private void combine(long[] counts, int from, int to, float inputSum, float[] y, int at) {
        int planes = inputBasis.length;
        int next = 0;
        for (int group = from; group < to; group++) {
            FloatVector sum = load(offset, group).fma(FloatVector.broadcast(HALF_FLOATS, inputSum), load(bias, group));
            for (int i = 0; i < bits; i++) {
                FloatVector inner = FloatVector.zero(HALF_FLOATS);
                for (int j = 0; j < planes; j++, next += LANES) {
                    FloatVector ones = toFloats(LongVector.fromArray(LONGS, counts, next));
                    FloatVector difference = ones.fma(FloatVector.broadcast(HALF_FLOATS, -2f),
                            FloatVector.broadcast(HALF_FLOATS, columns));
                    inner = difference.fma(FloatVector.broadcast(HALF_FLOATS, inputBasis[j]), inner);
                }
                sum = load(basis, group * bits + i).fma(inner, sum);
            }
            sum.intoArray(y, at + group * LANES);
        }
    }

    private static FloatVector load(float[] values, int vector) {
        return FloatVector.fromArray(HALF_FLOATS, values, vector * LANES);
    }

    private static FloatVector toFloats(LongVector counts) {
        return CONVERTS_LONGS
                ? (FloatVector) counts.convertShape(VectorOperators.L2F, HALF_FLOATS, 0)
                : (FloatVector) ((IntVector) counts.convertShape(VectorOperators.L2I, HALF_INTS, 0))
                        .convertShape(VectorOperators.I2F, HALF_FLOATS, 0);
    }
}
