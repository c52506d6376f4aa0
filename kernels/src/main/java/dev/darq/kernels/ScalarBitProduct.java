package dev.darq.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The popcount product in plain Java, four rows at a time so that one loaded input word serves four. */
final class ScalarBitProduct extends BitProduct {
    private static final int BLOCK = 4;
    /** Measured with 64-bit popcounts: one word of one pair of planes. */
    private static final double NANOS_PER_WORD = 0.5;

    private final int paddedRows;
    private final int words;
    private final int bits;
    /** {@code [row][plane][word]}, the rows padded to whole blocks. */
    private final long[] planes;
    private final float[] basis;
    private final float[] scale;
    private final float[] offset;
    private final float[] bias;

    ScalarBitProduct(FoldedProduct folded, PlaneEncoder encoder) {
        super(folded, encoder);
        paddedRows = (folded.rows + BLOCK - 1) / BLOCK * BLOCK;
        words = folded.words;
        bits = folded.weights.bits();
        planes = Arrays.copyOf(folded.weights.planes(), Math.multiplyExact(paddedRows, bits * words));
        basis = Arrays.copyOf(folded.weights.basis(), paddedRows * bits);
        scale = Arrays.copyOf(folded.scale, paddedRows);
        offset = Arrays.copyOf(folded.weights.offset(), paddedRows);
        bias = Arrays.copyOf(folded.bias, paddedRows);
    }

    @Override
    public void reserve(Scratch.Needs needs, int samples) {
        super.reserve(needs, samples);
        needs.sums(BLOCK);
    }

    @Override
    int blockSamples(int samples) {
        return 1;
    }

    @Override
    public int pieces(int samples) {
        return Math.ceilDiv(paddedRows, Scratch.ROW_PADDING);
    }

    @Override
    public long nanos(int samples) {
        return (long) (NANOS_PER_WORD * samples * folded.rows * words * bits * folded.inputBits);
    }

    @Override
    public void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own,
            @Nullable ElementKernel function, float[] y, int yStride) {
        int firstRow = from * Scratch.ROW_PADDING;
        int lastRow = Math.min(paddedRows, to * Scratch.ROW_PADDING);
        for (int sample = 0; sample < samples; sample++) {
            for (int row = firstRow; row < lastRow; row += BLOCK) {
                rows(row, scratch.planes, planesAt(sample), scratch.inputSums[sample], own.sums, y, sample * yStride);
            }
            finish(function, y, sample * yStride, firstRow, lastRow);
        }
    }

    private void rows(int row, long[] x, int xAt, float inputSum, int[] counts, float[] y, int at) {
        for (int r = row; r < row + BLOCK; r++) {
            y[at + r] = Math.fma(offset[r], inputSum, bias[r]);
        }
        if (folded.even) {
            even(row, x, xAt, counts, y, at + row);
        } else if (folded.evenInput) {
            evenInput(row, x, xAt, counts, y, at + row);
        } else {
            general(row, x, xAt, counts, y, at + row);
        }
    }

    private void even(int row, long[] x, int xAt, int[] counts, float[] y, int at) {
        int t0 = 0;
        int t1 = 0;
        int t2 = 0;
        int t3 = 0;
        for (int i = 0; i < bits; i++) {
            for (int j = 0; j < folded.inputBits; j++) {
                count(row, i, x, xAt + j, counts);
                t0 += folded.columns - 2 * counts[0] << i + j;
                t1 += folded.columns - 2 * counts[1] << i + j;
                t2 += folded.columns - 2 * counts[2] << i + j;
                t3 += folded.columns - 2 * counts[3] << i + j;
            }
        }
        y[at] = Math.fma(scale[row], t0, y[at]);
        y[at + 1] = Math.fma(scale[row + 1], t1, y[at + 1]);
        y[at + 2] = Math.fma(scale[row + 2], t2, y[at + 2]);
        y[at + 3] = Math.fma(scale[row + 3], t3, y[at + 3]);
    }

    private void evenInput(int row, long[] x, int xAt, int[] counts, float[] y, int at) {
        float step = folded.inputBasis[0];
        for (int i = 0; i < bits; i++) {
            int s0 = 0;
            int s1 = 0;
            int s2 = 0;
            int s3 = 0;
            for (int j = 0; j < folded.inputBits; j++) {
                count(row, i, x, xAt + j, counts);
                s0 += folded.columns - 2 * counts[0] << j;
                s1 += folded.columns - 2 * counts[1] << j;
                s2 += folded.columns - 2 * counts[2] << j;
                s3 += folded.columns - 2 * counts[3] << j;
            }
            y[at] = Math.fma(basis[row * bits + i], step * s0, y[at]);
            y[at + 1] = Math.fma(basis[(row + 1) * bits + i], step * s1, y[at + 1]);
            y[at + 2] = Math.fma(basis[(row + 2) * bits + i], step * s2, y[at + 2]);
            y[at + 3] = Math.fma(basis[(row + 3) * bits + i], step * s3, y[at + 3]);
        }
    }

    private void general(int row, long[] x, int xAt, int[] counts, float[] y, int at) {
        for (int i = 0; i < bits; i++) {
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            for (int j = 0; j < folded.inputBits; j++) {
                count(row, i, x, xAt + j, counts);
                float a = folded.inputBasis[j];
                s0 = Math.fma(a, folded.columns - 2 * counts[0], s0);
                s1 = Math.fma(a, folded.columns - 2 * counts[1], s1);
                s2 = Math.fma(a, folded.columns - 2 * counts[2], s2);
                s3 = Math.fma(a, folded.columns - 2 * counts[3], s3);
            }
            y[at] = Math.fma(basis[row * bits + i], s0, y[at]);
            y[at + 1] = Math.fma(basis[(row + 1) * bits + i], s1, y[at + 1]);
            y[at + 2] = Math.fma(basis[(row + 2) * bits + i], s2, y[at + 2]);
            y[at + 3] = Math.fma(basis[(row + 3) * bits + i], s3, y[at + 3]);
        }
    }

    /** The differing bits of one plane of four rows and one plane of the input. */
    private void count(int row, int plane, long[] x, int xAt, int[] counts) {
        int c0 = 0;
        int c1 = 0;
        int c2 = 0;
        int c3 = 0;
        int first = (row * bits + plane) * words;
        int stride = bits * words;
        for (int word = 0, at = xAt; word < words; word++, at += folded.inputBits) {
            long bitsOfX = x[at];
            c0 += Long.bitCount(planes[first + word] ^ bitsOfX);
            c1 += Long.bitCount(planes[first + stride + word] ^ bitsOfX);
            c2 += Long.bitCount(planes[first + 2 * stride + word] ^ bitsOfX);
            c3 += Long.bitCount(planes[first + 3 * stride + word] ^ bitsOfX);
        }
        counts[0] = c0;
        counts[1] = c1;
        counts[2] = c2;
        counts[3] = c3;
    }
}
