package dev.darq.kernels;

/**
 * Weights whose rows are divided into groups of neighbouring inputs, each with a scale or a basis of its own: a code with
 * one row for every group. Run by decoding to float32.
 *
 * @param rows the number of outputs
 * @param columns the number of inputs
 * @param groups the code, {@code [rows * ceil(columns / G), G]}, the groups of one output after the other; what lies past
 *            the last input in the last group of an output is not read
 */
public record GroupedWeights(int rows, int columns, WeightCode groups) implements WeightCode {
    /**
     * Checks that the groups make up the matrix.
     *
     * @throws IllegalArgumentException if they do not, or are grouped themselves
     */
    public GroupedWeights {
        Require.shape(rows, columns);
        if (groups instanceof GroupedWeights) {
            throw new IllegalArgumentException("expected groups that are not grouped themselves, got " + groups);
        }
        if (groups.rows() != (long) rows * Math.ceilDiv(columns, groups.columns())) {
            throw new IllegalArgumentException("expected " + Math.ceilDiv(columns, groups.columns()) + " groups of "
                    + groups.columns() + " inputs for each of " + rows + " outputs, got " + groups.rows());
        }
    }

    /** The number of neighbouring inputs that form a group. */
    public int groupSize() {
        return groups.columns();
    }

    @Override
    public int bits() {
        return groups.bits();
    }

    @Override
    public float[] decode() {
        float[] padded = groups.decode();
        int stride = groups.rows() / rows * groupSize();
        float[] values = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(padded, row * stride, values, row * columns, columns);
        }
        return values;
    }
}
