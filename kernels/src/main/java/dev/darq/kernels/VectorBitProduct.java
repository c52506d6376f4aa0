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
import org.jspecify.annotations.Nullable;

/**
 * The popcount product with one output row to a lane, so that no sum runs across lanes.
 *
 * <p>A <em>stream</em> is one plane of one group of rows; stream {@code group * bits + plane}. Streams are counted in blocks of
 * four, interleaved as {@code [block][word][stream in block][lane]}: the words of the input, broadcast, serve all of a block,
 * and memory is read in order. The last block is filled with zero streams, whose counts nobody reads. For the counting loops
 * the planes of several samples are just more planes: up to eight, so that a loaded weight serves them all. Counting and the
 * float part of {@link FoldedProduct}'s formula alternate over pieces of rows, so that the counts between them stay in the
 * cache.
 */
final class VectorBitProduct extends BitProduct {
    /** Popcounts to floats in one instruction where the machine has it; elsewhere by way of ints. */
    private static final boolean CONVERTS_LONGS = LONGS.vectorBitSize() == 512;

    /** The most planes that are counted at once. */
    private static final int MOST_PLANES = 8;

    /** The most counters between counting and summing, some 8 KB with 512 bits. */
    private static final int COUNTERS = 128;

    private final int groups;
    private final int words;
    private final int bits;
    private final int inputBits;
    private final int blocks;
    private final long[] weights;
    /** {@code [group][plane][lane]}. */
    private final float[] basis;
    private final float[] scale;
    private final float[] offset;
    private final float[] bias;

    VectorBitProduct(FoldedProduct folded, PlaneEncoder encoder) {
        super(folded, encoder);
        words = folded.words;
        bits = folded.weights.bits();
        inputBits = folded.inputBits;
        groups = Math.ceilDiv(folded.rows, LANES);
        blocks = Math.ceilDiv(groups * bits, NarrowCounts.STREAMS);
        int blockLength = NarrowCounts.STREAMS * LANES;
        weights = new long[Math.multiplyExact(Math.multiplyExact(blocks, words), blockLength)];
        basis = new float[groups * bits * LANES];
        scale = Arrays.copyOf(folded.scale, groups * LANES);
        offset = Arrays.copyOf(folded.weights.offset(), groups * LANES);
        bias = Arrays.copyOf(folded.bias, groups * LANES);
        for (int row = 0; row < folded.rows; row++) {
            for (int plane = 0; plane < bits; plane++) {
                int stream = row / LANES * bits + plane;
                basis[stream * LANES + row % LANES] = folded.weights.basis()[row * bits + plane];
                int from = (row * bits + plane) * words;
                int to = stream / NarrowCounts.STREAMS * words * blockLength + stream % NarrowCounts.STREAMS * LANES
                        + row % LANES;
                for (int word = 0; word < words; word++) {
                    weights[to + word * blockLength] = folded.weights.planes()[from + word];
                }
            }
        }
    }

    @Override
    int blockSamples(int samples) {
        return Math.clamp(MOST_PLANES / inputBits, 1, samples);
    }

    @Override
    public void reserve(Scratch.Needs needs, int samples) {
        super.reserve(needs, samples);
        for (int together = 1; together <= blockSamples(samples); together++) {
            int pieceBlocks = Math.min(blocks, groupsPerPiece(together) * bits / NarrowCounts.STREAMS);
            needs.counts(pieceBlocks * NarrowCounts.STREAMS * inputBits * together * LANES);
        }
    }

    /** A multiple of four groups: whole blocks, whatever the number of planes. */
    private int groupsPerPiece(int blockSamples) {
        return 4 * Math.max(1, COUNTERS / 4 / (bits * inputBits * blockSamples));
    }

    @Override
    public int pieces(int samples) {
        return Math.ceilDiv(groups, groupsPerPiece(blockSamples(samples)));
    }

    @Override
    public long nanos(int samples) {
        return Kernel.POPCOUNT.nanos(bits, inputBits, folded.columns, folded.rows, samples);
    }

    @Override
    public void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own,
            @Nullable ElementKernel function, float[] y, int yStride) {
        long[] counts = own.counts;
        int blockSamples = blockSamples(samples);
        int groupsPerPiece = groupsPerPiece(blockSamples);
        int blocksPerPiece = groupsPerPiece * bits / NarrowCounts.STREAMS;
        for (int piece = from; piece < to; piece++) {
            int block = piece * blocksPerPiece;
            int group = piece * groupsPerPiece;
            int endGroup = Math.min(groups, group + groupsPerPiece);
            for (int first = 0; first < samples; first += blockSamples) {
                int inBlock = Math.min(blockSamples, samples - first);
                count(inBlock * inputBits, scratch.planes, planesAt(first), block,
                        Math.min(blocks, block + blocksPerPiece), counts);
                for (int i = 0; i < inBlock; i++) {
                    int at = (first + i) * yStride;
                    float inputSum = scratch.inputSums[first + i];
                    combine(counts, i, inBlock, group, endGroup, inputSum, y, at);
                    finish(function, y, at, group * LANES, endGroup * LANES);
                }
            }
        }
    }

    private void count(int planes, long[] x, int at, int from, int to, long[] counts) {
        switch (planes) {
            case 1, 2 -> NarrowCounts.planes1or2(planes, weights, x, at, words, from, to, counts);
            case 3 -> NarrowCounts.planes3(weights, x, at, words, from, to, counts);
            case 4 -> NarrowCounts.planes4(weights, x, at, words, from, to, counts);
            case 5 -> WideCounts.planes5(weights, x, at, words, from, to, counts);
            case 6 -> WideCounts.planes6(weights, x, at, words, from, to, counts);
            case 7 -> WideCounts.planes7(weights, x, at, words, from, to, counts);
            case 8 -> WideCounts.planes8(weights, x, at, words, from, to, counts);
            default -> throw new IllegalStateException("no kernel for " + planes + " planes");
        }
    }

    /**
     * The formula for one of the samples that were counted together. All its forms in one method, which is then too large to
     * be inlined: where it was, the compiler now and then left the sums in memory as objects.
     */
    private void combine(long[] counts, int sample, int samples, int from, int to, float inputSum, float[] y, int at) {
        int stride = samples * inputBits * LANES;
        int next = sample * inputBits * LANES;
        if (folded.even) {
            // T = n (2^Kw - 1)(2^Kx - 1) - 2 sum_ij 2^(i+j) popcount_ij
            LongVector most = LongVector.broadcast(LONGS, folded.largestSum());
            for (int group = from; group < to; group++) {
                LongVector differing = LongVector.zero(LONGS);
                for (int i = 0; i < bits; i++, next += stride) {
                    for (int j = 0; j < inputBits; j++) {
                        LongVector ones = LongVector.fromArray(LONGS, counts, next + j * LANES);
                        differing = differing.add(ones.lanewise(VectorOperators.LSHL, i + j + 1));
                    }
                }
                FloatVector sum = load(offset, group).fma(FloatVector.broadcast(HALF_FLOATS, inputSum),
                        load(bias, group));
                load(scale, group).fma(toFloats(most.sub(differing)), sum).intoArray(y, at + group * LANES);
            }
            return;
        }
        if (folded.evenInput) {
            // S_i = n (2^Kx - 1) - 2 sum_j 2^j popcount_ij
            LongVector most = LongVector.broadcast(LONGS, folded.largestPlaneSum());
            FloatVector step = FloatVector.broadcast(HALF_FLOATS, folded.inputBasis[0]);
            for (int group = from; group < to; group++) {
                FloatVector sum = load(offset, group).fma(FloatVector.broadcast(HALF_FLOATS, inputSum),
                        load(bias, group));
                for (int i = 0; i < bits; i++, next += stride) {
                    LongVector differing = LongVector.zero(LONGS);
                    for (int j = 0; j < inputBits; j++) {
                        LongVector ones = LongVector.fromArray(LONGS, counts, next + j * LANES);
                        differing = differing.add(ones.lanewise(VectorOperators.LSHL, j + 1));
                    }
                    sum = load(basis, group * bits + i).fma(toFloats(most.sub(differing)).mul(step), sum);
                }
                sum.intoArray(y, at + group * LANES);
            }
            return;
        }
        FloatVector columns = FloatVector.broadcast(HALF_FLOATS, folded.columns);
        for (int group = from; group < to; group++) {
            FloatVector sum = load(offset, group).fma(FloatVector.broadcast(HALF_FLOATS, inputSum), load(bias, group));
            for (int i = 0; i < bits; i++, next += stride) {
                FloatVector inner = FloatVector.zero(HALF_FLOATS);
                for (int j = 0; j < inputBits; j++) {
                    FloatVector ones = toFloats(LongVector.fromArray(LONGS, counts, next + j * LANES));
                    FloatVector difference = ones.fma(FloatVector.broadcast(HALF_FLOATS, -2f), columns);
                    inner = difference.fma(FloatVector.broadcast(HALF_FLOATS, folded.inputBasis[j]), inner);
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
