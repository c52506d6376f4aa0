package dev.darq.kernels;

/** The weights of one linear layer, {@code [rows, columns]} with one row per output, as they are stored. */
public sealed interface WeightCode permits BinaryCode, IntegerWeights, FloatWeights, GroupedWeights {
    /** The number of outputs. */
    int rows();

    /** The number of inputs. */
    int columns();

    /** The stored bits of one weight. */
    int bits();

    /**
     * The weights that the code stands for.
     *
     * @return a new array, row-major {@code [rows, columns]}
     */
    float[] decode();
}
