package dev.darq.kernels;

import java.util.Arrays;

/** The popcount product in plain Java, four rows at a time so that one loaded input word serves four. */
final class ScalarBitProduct implements BitProduct {
    private static final int BLOCK = 4;

    private final int paddedRows;
    private final int columns;
    private final int words;
    private final int bits;
    private final float[] inputBasis;
    /** {@code [row][plane][word]}, the rows padded to whole blocks. */
    private final long[] planes;
    private final float[] basis;
    private final float[] offset;
    private final float[] bias;

    ScalarBitProduct(FoldedProduct product) {
        paddedRows = (product.rows + BLOCK - 1) / BLOCK * BLOCK;
        columns = product.columns;
        words = product.words;
        bits = product.weights.bits();
        inputBasis = product.inputBasis;
        planes = Arrays.copyOf(product.weights.planes(), Math.multiplyExact(paddedRows, bits * words));
        basis = Arrays.copyOf(product.weights.basis(), paddedRows * bits);
        offset = Arrays.copyOf(product.weights.offset(), paddedRows);
        bias = Arrays.copyOf(product.bias, paddedRows);
    }

    @Override
    public int counts() {
        return 0;
    }

    @Override
    public void multiply(long[] x, float inputSum, long[] counts, float[] y, int at) {
        for (int row = 0; row < paddedRows; row += BLOCK) {
            float y0 = Math.fma(offset[row], inputSum, bias[row]);
            float y1 = Math.fma(offset[row + 1], inputSum, bias[row + 1]);
            float y2 = Math.fma(offset[row + 2], inputSum, bias[row + 2]);
            float y3 = Math.fma(offset[row + 3], inputSum, bias[row + 3]);
            for (int i = 0; i < bits; i++) {
                float s0 = 0;
                float s1 = 0;
                float s2 = 0;
                float s3 = 0;
                int first = (row * bits + i) * words;
                int stride = bits * words;
                for (int j = 0; j < inputBasis.length; j++) {
                    int c0 = 0;
                    int c1 = 0;
                    int c2 = 0;
                    int c3 = 0;
                    for (int word = 0, from = j; word < words; word++, from += inputBasis.length) {
                        long bitsOfX = x[from];
                        c0 += Long.bitCount(planes[first + word] ^ bitsOfX);
                        c1 += Long.bitCount(planes[first + stride + word] ^ bitsOfX);
                        c2 += Long.bitCount(planes[first + 2 * stride + word] ^ bitsOfX);
                        c3 += Long.bitCount(planes[first + 3 * stride + word] ^ bitsOfX);
                    }
                    s0 = Math.fma(inputBasis[j], columns - 2 * c0, s0);
                    s1 = Math.fma(inputBasis[j], columns - 2 * c1, s1);
                    s2 = Math.fma(inputBasis[j], columns - 2 * c2, s2);
                    s3 = Math.fma(inputBasis[j], columns - 2 * c3, s3);
                }
                y0 = Math.fma(basis[row * bits + i], s0, y0);
                y1 = Math.fma(basis[(row + 1) * bits + i], s1, y1);
                y2 = Math.fma(basis[(row + 2) * bits + i], s2, y2);
                y3 = Math.fma(basis[(row + 3) * bits + i], s3, y3);
            }
            y[at + row] = y0;
            y[at + row + 1] = y1;
            y[at + row + 2] = y2;
            y[at + row + 3] = y3;
        }
    }
}
