package dev.darq.quantizers;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.WeightCode;
import java.util.function.IntFunction;

/**
 * Turns weights into codes: binary codes up to 8 bits, integers above. With groups of inputs, each group becomes a row of
 * the code; the last group of a row is filled up with code 0, which nobody reads.
 */
final class WeightFreezer {
    private static final int MOST_BINARY_BITS = 8;

    private final Partition partition;
    private final int rows;
    private final int columns;
    private final int codeRows;
    private final int codeColumns;

    WeightFreezer(Partition partition, int rows, int columns) {
        this.partition = partition;
        this.rows = rows;
        this.columns = columns;
        boolean grouped = partition.granularity() == Granularity.GROUP;
        codeRows = rows * partition.groups();
        codeColumns = grouped ? partition.groupSize() : columns;
    }

    WeightCode freeze(int bits, float[] weights, IntFunction<Codebook> codebooks) {
        WeightCode code = bits > MOST_BINARY_BITS
                ? integers(weights, codebooks)
                : binary(bits, weights, codebooks);
        return partition.granularity() == Granularity.GROUP ? new GroupedWeights(rows, columns, code) : code;
    }

    private WeightCode binary(int bits, float[] weights, IntFunction<Codebook> codebooks) {
        float[] basis = new float[codeRows * bits];
        float[] offset = new float[codeRows];
        int[] codes = new int[codeRows * codeColumns];
        for (int row = 0; row < codeRows; row++) {
            Codebook codebook = codebooks.apply(unit(row));
            System.arraycopy(codebook.basis(), 0, basis, row * bits, bits);
            offset[row] = codebook.codeOffset();
            int from = from(row);
            for (int i = 0; i < length(row); i++) {
                codes[row * codeColumns + i] = codebook.code(weights[from + i]);
            }
        }
        return BinaryCode.fromCodes(codeRows, codeColumns, bits, basis, offset, codes);
    }

    private WeightCode integers(float[] weights, IntFunction<Codebook> codebooks) {
        float[] scale = new float[codeRows];
        short[] codes = new short[codeRows * codeColumns];
        for (int row = 0; row < codeRows; row++) {
            if (!(codebooks.apply(unit(row)) instanceof UniformGrid grid)) {
                throw new IllegalStateException("only uniform grids have more than " + MOST_BINARY_BITS + " bits");
            }
            scale[row] = grid.scale();
            int from = from(row);
            for (int i = 0; i < length(row); i++) {
                codes[row * codeColumns + i] = (short) grid.level(weights[from + i]);
            }
        }
        return new IntegerWeights(codeRows, codeColumns, codes, scale);
    }

    private int unit(int codeRow) {
        return partition.granularity() == Granularity.TENSOR ? 0 : codeRow;
    }

    private int from(int codeRow) {
        return codeRow / partition.groups() * columns + codeRow % partition.groups() * codeColumns;
    }

    private int length(int codeRow) {
        return Math.min(codeColumns, columns - codeRow % partition.groups() * codeColumns);
    }
}
