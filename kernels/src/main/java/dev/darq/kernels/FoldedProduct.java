package dev.darq.kernels;

/**
 * The product of two binary codes with every term that does not depend on the input folded into the bias.
 *
 * <p>With {@code D_ij = n - 2 popcount(w_i XOR x_j)} and {@code S} the sum of a plane's +-1 values (formulas.md, "One
 * representation for all low-bit codes"):
 *
 * <pre>
 * y = sum_i aw_i sum_j ax_j D_ij  +  cw sum_j ax_j Sx_j  +  [bias + cx sum_i aw_i Sw_i + n cx cw]
 * </pre>
 *
 * The bracket is computed in double and rounded once. The order of the rest is part of the contract, so that every
 * provider gives the same bits; D and S are exact integers, and exact floats:
 *
 * <pre>
 * t = 0; for j: t = fma(ax_j, Sx_j, t)
 * y = fma(cw, t, bracket)
 * for i: { s = 0; for j: s = fma(ax_j, D_ij, s);  y = fma(aw_i, s, y) }
 * </pre>
 */
final class FoldedProduct {
    final int rows;
    final int columns;
    final int words;
    final BinaryCode weights;
    /** The basis ax of the input, [input planes]. */
    final float[] inputBasis;
    /** The bracket, [rows]. */
    final float[] bias;
    private final boolean hasWeightOffset;

    FoldedProduct(BinaryCode weights, ActivationCode input, float[] bias) {
        this.weights = weights;
        this.rows = weights.rows();
        this.columns = weights.columns();
        this.words = BinaryCode.words(columns);
        this.inputBasis = inputBasis(input);
        double inputOffset = inputOffset(input);
        this.bias = new float[rows];
        boolean anyOffset = false;
        for (int row = 0; row < rows; row++) {
            double weightOffset = weights.offset()[row];
            anyOffset |= weightOffset != 0;
            double sum = columns * weightOffset;
            for (int i = 0; i < weights.bits(); i++) {
                sum += (double) weights.basis()[row * weights.bits() + i] * planeSum(row, i);
            }
            this.bias[row] = (float) (bias[row] + inputOffset * sum);
        }
        hasWeightOffset = anyOffset;
    }

    /** Whether inputs of this code can be split into planes. */
    static boolean isCoded(ActivationCode input) {
        return switch (input) {
            case UniformActivation uniform -> uniform.bits() <= BinaryLevels.MOST_BITS;
            case LevelActivation _ -> true;
            case TokenActivation _,FloatActivation _ -> false;
        };
    }

    /** A uniform code q = lowest + sum_i 2^i (b_i + 1) / 2 is the basis scale * 2^(i-1). */
    private static float[] inputBasis(ActivationCode input) {
        return switch (input) {
            case LevelActivation level -> level.basis();
            case UniformActivation uniform -> {
                float[] basis = new float[uniform.bits()];
                for (int i = 0; i < basis.length; i++) {
                    basis[i] = Math.scalb(uniform.scale(), i - 1);
                }
                yield basis;
            }
            case TokenActivation _,FloatActivation _ ->
                throw new IllegalArgumentException("inputs of the float kernel have no planes");
        };
    }

    private static double inputOffset(ActivationCode input) {
        return switch (input) {
            case LevelActivation level -> level.offset();
            case UniformActivation uniform -> uniform.scale()
                    * (((1 << uniform.bits()) - 1) / 2.0 + uniform.lowest()) + uniform.offset();
            case TokenActivation _,FloatActivation _ ->
                throw new IllegalArgumentException("inputs of the float kernel have no planes");
        };
    }

    private int planeSum(int row, int plane) {
        int from = (row * weights.bits() + plane) * words;
        int ones = 0;
        for (int word = 0; word < words; word++) {
            ones += Long.bitCount(weights.planes()[from + word]);
        }
        return 2 * ones - columns;
    }

    /**
     * The term t of the formula.
     *
     * @param planes the input, {@code [word][plane]}
     */
    float inputSum(long[] planes) {
        if (!hasWeightOffset) {
            return 0; // Every cw is zero: whatever t is, it adds nothing.
        }
        int planesPerWord = inputBasis.length;
        float sum = 0;
        for (int plane = 0; plane < planesPerWord; plane++) {
            int ones = 0;
            for (int at = plane; at < words * planesPerWord; at += planesPerWord) {
                ones += Long.bitCount(planes[at]);
            }
            sum = Math.fma(inputBasis[plane], 2 * ones - columns, sum);
        }
        return sum;
    }
}
