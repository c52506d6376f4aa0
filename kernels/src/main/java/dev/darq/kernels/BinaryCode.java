package dev.darq.kernels;

/**
 * Weights as bit planes over a basis per row: {@code x ~ offset + sum_i basis_i * b_i}, {@code b_i in {-1,+1}}. The form
 * into which every quantizer of at most 8 bits is frozen. The arrays are not copied and must not change afterwards.
 *
 * <p>Source: LQ-Nets (Zhang et al., 2018); a uniform quantizer of scale s is the basis {@code s * 2^(i-1)}.
 *
 * @param rows the number of outputs
 * @param columns the number of inputs, at most 2^24
 * @param bits the number of planes K, 1..8
 * @param basis the basis, {@code [rows, bits]}, finite
 * @param offset the offset, {@code [rows]}, finite
 * @param planes the planes, {@code [rows, bits, ceil(columns / 64)]}: bit {@code c % 64} of word {@code c / 64} is set
 *            where b = +1 in column c; the bits past the last column are 0
 */
public record BinaryCode(int rows, int columns, int bits, float[] basis, float[] offset, long[] planes)
        implements
            WeightCode {
    /**
     * Checks lengths, numbers and padding.
     *
     * @throws IllegalArgumentException if a length is wrong, a number is not finite or a padding bit is set
     */
    public BinaryCode {
        Require.shape(rows, columns);
        Require.bits(bits, 1, BinaryLevels.MOST_BITS);
        Require.length("basis", (long) rows * bits, basis.length);
        Require.length("offset", rows, offset.length);
        int words = words(columns);
        Require.length("planes", (long) rows * bits * words, planes.length);
        Require.finite("basis", basis);
        Require.finite("offset", offset);
        long padding = padding(columns);
        for (int last = words - 1; last < planes.length; last += words) {
            if ((planes[last] & padding) != 0) {
                // A stray bit would be counted by the popcount as if it were an input.
                throw new IllegalArgumentException("planes[" + last + "]: expected zero bits past column " + columns
                        + ", got 0x" + Long.toHexString(planes[last]));
            }
        }
    }

    /**
     * Packs one unsigned code per weight.
     *
     * @param codes {@code [rows, columns]}, bit i of a code set means b_i = +1
     * @throws IllegalArgumentException if a code does not fit the bits, and as the constructor
     */
    public static BinaryCode fromCodes(int rows, int columns, int bits, float[] basis, float[] offset, int[] codes) {
        Require.shape(rows, columns);
        Require.bits(bits, 1, BinaryLevels.MOST_BITS);
        Require.length("codes", (long) rows * columns, codes.length);
        int words = words(columns);
        long[] planes = new long[Math.multiplyExact(Math.multiplyExact(rows, bits), words)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int code = codes[row * columns + column];
                if (code >>> bits != 0) {
                    throw new IllegalArgumentException("codes[" + (row * columns + column) + "]: expected 0.."
                            + ((1 << bits) - 1) + ", got " + code);
                }
                for (int bit = 0; bit < bits; bit++) {
                    planes[(row * bits + bit) * words + (column >> 6)] |= (long) (code >> bit & 1) << column;
                }
            }
        }
        return new BinaryCode(rows, columns, bits, basis, offset, planes);
    }

    /** As {@link #fromCodes(int, int, int, float[], float[], int[])}, each byte read as unsigned. */
    public static BinaryCode fromCodes(int rows, int columns, int bits, float[] basis, float[] offset, byte[] codes) {
        int[] unsigned = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            unsigned[i] = codes[i] & 0xFF;
        }
        return fromCodes(rows, columns, bits, basis, offset, unsigned);
    }

    /** The 64-bit words of one row of one plane. */
    static int words(int columns) {
        return (columns + 63) >>> 6;
    }

    /** The bits of a row's last word that lie past the last column. */
    static long padding(int columns) {
        return (columns & 63) == 0 ? 0 : -1L << columns;
    }

    /** The code of one weight, 0..2^bits-1. */
    public int code(int row, int column) {
        int words = words(columns);
        int code = 0;
        for (int bit = 0; bit < bits; bit++) {
            code |= (int) (planes[(row * bits + bit) * words + (column >> 6)] >>> column & 1) << bit;
        }
        return code;
    }

    @Override
    public float[] decode() {
        float[] values = new float[Math.multiplyExact(rows, columns)];
        float[] levels = new float[1 << bits];
        for (int row = 0; row < rows; row++) {
            for (int code = 0; code < levels.length; code++) {
                levels[code] = (float) (offset[row] + BinaryLevels.relative(basis, row * bits, bits, code));
            }
            for (int column = 0; column < columns; column++) {
                values[row * columns + column] = levels[code(row, column)];
            }
        }
        return values;
    }
}
