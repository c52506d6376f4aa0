package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static dev.darq.kernels.Shapes.INTS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The product by looking up sums, for evenly spaced inputs and any coded weights: {@link FoldedProduct}'s second and third form.
 * A table holds, for each subset of six inputs (with 512 bits), the sum of their codes; six bits of a plane of the weights are
 * the index into it. One instruction looks up as many rows as a vector has bytes, whatever the bits of the input: where
 * popcount needs three for every pair of planes and 64 inputs, this needs about four for every plane and six.
 *
 * <p>Source: T-MAC (Wei et al., 2024) and LUT-GEMM (Park et al., 2022), here with exact sums: a byte holds the sum of twelve
 * codes of up to four bits, and wider codes are looked up as two digits.
 *
 * <p>With u the unsigned code of an input and A the sum of those whose weight bit is set, {@code S = 4 A - 2 sum u - (2^Kx - 1)
 * P}, P being the sum of the plane's +-1 values.
 *
 * <p>One output row to a lane. A <em>stream</em> is one plane of one group of rows, stream {@code group * bits + plane}; streams
 * are added up in blocks of four, {@code [block][group of inputs][stream in block][lane]}.
 */
final class VectorLookupProduct implements RowProduct {
    private static final int ROWS = LookupSums.ROWS;
    private static final int INPUTS = LookupTables.INPUTS;
    private static final int BLOCK = LookupSums.STREAMS * ROWS;
    private static final int LARGEST_SHORT = 0xFFFF;

    private final FoldedProduct folded;
    private final CodeEncoder encoder;
    private final int bits;
    private final int digits;
    private final int inputGroups;
    /** The groups of inputs whose sums fit 16 bits. */
    private final int shortRun;
    private final int rowGroups;
    /** The groups of rows of a piece, which fill whole blocks. */
    private final int pieceGroups;
    private final int blocks;
    private final byte[] indices;
    /** {@code (2^Kx - 1) P}, [group][plane][row]. */
    private final int[] planeSums;
    /** {@code [group][plane][row]}. */
    private final float[] basis;
    private final float[] scale;
    private final float[] offset;
    private final float[] bias;

    VectorLookupProduct(FoldedProduct folded, ActivationCode input) {
        if (!folded.evenInput) {
            throw new IllegalArgumentException("expected evenly spaced inputs");
        }
        this.folded = folded;
        bits = folded.weights.bits();
        digits = IntegerRun.unsignedDigits(folded.inputBits);
        encoder = switch (input) {
            case UniformActivation uniform -> IntegerEncoder.unsigned(uniform, digits == 2);
            case LevelActivation level when level.bits() == 1 -> new SignEncoder(level);
            default -> throw new IllegalArgumentException("no integer codes for " + input);
        };
        int largest = INPUTS * ((1 << Math.min(folded.inputBits, IntegerRun.DIGIT_BITS)) - 1);
        shortRun = LARGEST_SHORT / largest / 2 * 2;
        inputGroups = Math.ceilDiv(folded.columns, 2 * INPUTS) * 2;
        rowGroups = Math.ceilDiv(folded.rows, ROWS);
        pieceGroups = LookupSums.STREAMS / Math.min(LookupSums.STREAMS, Integer.lowestOneBit(bits));
        blocks = Math.ceilDiv(rowGroups * bits, LookupSums.STREAMS);
        indices = new byte[Math.multiplyExact(Math.multiplyExact(blocks, inputGroups), BLOCK)];
        int padded = rowGroups * ROWS;
        planeSums = new int[padded * bits];
        basis = new float[padded * bits];
        scale = Arrays.copyOf(folded.scale, padded);
        offset = Arrays.copyOf(folded.weights.offset(), padded);
        bias = Arrays.copyOf(folded.bias, padded);
        for (int lane = 0; lane < padded; lane++) {
            int row = lane / ROWS * ROWS + LookupSums.row(lane % ROWS);
            for (int plane = 0; plane < bits && row < folded.rows; plane++) {
                int stream = lane / ROWS * bits + plane;
                basis[stream * ROWS + row % ROWS] = folded.weights.basis()[row * bits + plane];
                planeSums[stream * ROWS + row % ROWS] = ((1 << folded.inputBits) - 1) * folded.planeSum(row, plane);
                layOut(row, plane, stream / LookupSums.STREAMS * inputGroups * BLOCK
                        + stream % LookupSums.STREAMS * ROWS + lane % ROWS);
            }
        }
    }

    /** Cuts one row of one plane into indices. The bits past the last column are 0: what is looked up leaves those inputs out. */
    private void layOut(int row, int plane, int to) {
        long[] planes = folded.weights.planes();
        int first = (row * bits + plane) * folded.words;
        for (int bit = 0, group = 0; bit < folded.columns; bit += INPUTS, group++) {
            int word = first + bit / Long.SIZE;
            long index = planes[word] >>> bit;
            if (bit % Long.SIZE > Long.SIZE - INPUTS && bit / Long.SIZE + 1 < folded.words) {
                index |= planes[word + 1] << -bit;
            }
            indices[to + group * BLOCK] = (byte) (index & ROWS - 1);
        }
    }

    @Override
    public int columns() {
        return folded.columns;
    }

    @Override
    public int rows() {
        return folded.rows;
    }

    @Override
    public Kernel kernel() {
        return Kernel.LOOKUP;
    }

    @Override
    public void reserve(Scratch.Needs needs, int samples) {
        needs.codes((long) digits * folded.columns + 2 * INPUTS);
        needs.tables((long) samples * digits * inputGroups * ROWS);
        needs.inputSums(samples);
        needs.partial(2 * BLOCK);
        needs.sums(2 * pieceGroups * bits * ROWS);
    }

    @Override
    public void encode(float[] x, int xAt, int xStride, int samples, Scratch scratch) {
        int most = folded.largestPlaneSum();
        for (int sample = 0; sample < samples; sample++) {
            int sum = encoder.encode(x, xAt + sample * xStride, folded.columns, scratch.codes, 0);
            scratch.inputSums[sample] = folded.evenInputSum(2 * sum - most);
            scratch.wholeSums[sample] = 2 * sum;
            for (int digit = 0; digit < digits; digit++) {
                LookupTables.fill(scratch.codes, digit * folded.columns, inputGroups, scratch.tables,
                        table(sample, digit));
            }
        }
    }

    /** Where the tables of a sample begin. */
    private int table(int sample, int digit) {
        return (sample * digits + digit) * inputGroups * ROWS;
    }

    @Override
    public int pieces(int samples) {
        return Math.ceilDiv(rowGroups, pieceGroups);
    }

    @Override
    public long nanos(int samples) {
        return Kernel.LOOKUP.nanos(bits, folded.inputBits, folded.columns, folded.rows, samples);
    }

    @Override
    public void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own,
            @Nullable ElementKernel function, float[] y, int yStride) {
        int atOnce = digits == 1 ? 2 : 1;
        for (int piece = from; piece < to; piece++) {
            int group = piece * pieceGroups;
            int endGroup = Math.min(rowGroups, group + pieceGroups);
            for (int sample = 0; sample < samples; sample += atOnce) {
                int count = Math.min(atOnce, samples - sample);
                add(piece, sample, count * digits, scratch.tables, own);
                for (int i = 0; i < count; i++) {
                    int at = (sample + i) * yStride;
                    combine(own.sums, i * pieceGroups * bits * ROWS, group, endGroup, scratch.inputSums[sample + i],
                            scratch.wholeSums[sample + i], y, at);
                    finish(function, y, at, group * ROWS, endGroup * ROWS);
                }
            }
        }
    }

    /** Adds up A of all streams of a piece, for one table an input or for two: two samples, or two digits of one. */
    private void add(int piece, int sample, int tables, byte[] lookup, Scratch.Own own) {
        int streams = pieceGroups * bits;
        Arrays.fill(own.sums, 0, (digits == 1 ? tables : 1) * streams * ROWS, 0);
        int block = piece * streams / LookupSums.STREAMS;
        int endBlock = Math.min(blocks, block + streams / LookupSums.STREAMS);
        int tableA = table(sample, 0);
        int tableB = tableA + inputGroups * ROWS;
        for (int stream = 0; block < endBlock; block++, stream += LookupSums.STREAMS) {
            for (int input = 0; input < inputGroups; input += shortRun) {
                int groups = Math.min(shortRun, inputGroups - input);
                int at = (block * inputGroups + input) * BLOCK;
                int skipped = input * ROWS;
                if (tables == 1) {
                    LookupSums.one(indices, at, lookup, tableA + skipped, groups, own.partial);
                } else {
                    LookupSums.two(indices, at, lookup, tableA + skipped, tableB + skipped, groups, own.partial);
                }
                widen(own, stream, tables);
            }
        }
    }

    private void widen(Scratch.Own own, int firstStream, int tables) {
        int other = digits == 1 ? pieceGroups * bits * ROWS : 0;
        int shift = digits == 1 ? 0 : IntegerRun.DIGIT_BITS;
        for (int i = 0; i < LookupSums.STREAMS; i++) {
            int at = (firstStream + i) * ROWS;
            LookupSums.widen(own.partial, i * tables * ROWS, 0, own.sums, at);
            if (tables == 2) {
                LookupSums.widen(own.partial, (i * tables + 1) * ROWS, shift, own.sums, other + at);
            }
        }
    }

    private void combine(int[] sums, int at, int from, int to, float inputSum, int whole, float[] y, int yAt) {
        FloatVector step = FloatVector.broadcast(FLOATS, folded.inputBasis[0]);
        for (int group = from; group < to; group++) {
            for (int lane = 0; lane < ROWS; lane += FLOATS.length()) {
                int row = group * ROWS + lane;
                FloatVector y0 = FloatVector.fromArray(FLOATS, offset, row).fma(
                        FloatVector.broadcast(FLOATS, inputSum), FloatVector.fromArray(FLOATS, bias, row));
                IntVector total = IntVector.zero(INTS);
                for (int plane = 0; plane < bits; plane++) {
                    int stream = group * bits + plane;
                    int in = at + ((group - from) * bits + plane) * ROWS + lane;
                    IntVector sum = IntVector.fromArray(INTS, sums, in).lanewise(VectorOperators.LSHL, 2).sub(whole)
                            .sub(IntVector.fromArray(INTS, planeSums, stream * ROWS + lane));
                    if (folded.even) {
                        total = total.add(sum.lanewise(VectorOperators.LSHL, plane));
                    } else {
                        FloatVector product = (FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0);
                        y0 = FloatVector.fromArray(FLOATS, basis, stream * ROWS + lane).fma(product.mul(step), y0);
                    }
                }
                if (folded.even) {
                    y0 = FloatVector.fromArray(FLOATS, scale, row)
                            .fma((FloatVector) total.convertShape(VectorOperators.I2F, FLOATS, 0), y0);
                }
                y0.intoArray(y, yAt + row);
            }
        }
    }
}
