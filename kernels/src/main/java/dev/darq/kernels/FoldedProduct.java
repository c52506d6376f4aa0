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
 * The bracket is computed in double and rounded once. The order of the rest is part of the contract, so that every kernel
 * gives the same bits; D and S are exact integers.
 *
 * <p>In general:
 *
 * <pre>
 * t = 0; for j: t = fma(ax_j, Sx_j, t)
 * y = fma(cw, t, bracket)
 * for i: { s = 0; for j: s = fma(ax_j, D_ij, s);  y = fma(aw_i, s, y) }
 * </pre>
 *
 * Where the input's basis doubles from plane to plane ({@code ax_j = 2^j ax_0}: evenly spaced codes, and 1 bit) and the sums
 * below fit an int, a plane of the weights gives one exact integer, however a kernel finds it:
 *
 * <pre>
 * S_i = sum_j 2^j D_ij,  X = sum_j 2^j Sx_j
 * y = fma(cw, ax_0 X, bracket)
 * for i: y = fma(aw_i, ax_0 S_i, y)
 * </pre>
 *
 * Where the basis of the weights doubles too, the whole product is one:
 *
 * <pre>
 * T = sum_i 2^i S_i
 * y = fma(aw_0 ax_0, T, fma(cw, ax_0 X, bracket))
 * </pre>
 */
final class FoldedProduct {
    final int rows;
    final int columns;
    final int words;
    final BinaryCode weights;
    final int inputBits;
    /** The basis ax of the input, [input planes]. */
    final float[] inputBasis;
    /** The bracket, [rows]. */
    final float[] bias;
    /** Whether the second form holds: the input is evenly spaced. */
    final boolean evenInput;
    /** Whether the third form holds: both are. */
    final boolean even;
    /** {@code aw_0 ax_0}, [rows]; only the third form uses it. */
    final float[] scale;
    private final boolean hasWeightOffset;

    FoldedProduct(BinaryCode weights, ActivationCode input, float[] bias) {
        this.weights = weights;
        this.rows = weights.rows();
        this.columns = weights.columns();
        this.words = BinaryCode.words(columns);
        this.inputBasis = inputBasis(input);
        this.inputBits = inputBasis.length;
        this.evenInput = isEvenInput(columns, inputBasis);
        this.even = isEven(weights, inputBasis);
        double inputOffset = inputOffset(input);
        this.bias = new float[rows];
        this.scale = new float[rows];
        boolean anyOffset = false;
        for (int row = 0; row < rows; row++) {
            double weightOffset = weights.offset()[row];
            anyOffset |= weightOffset != 0;
            double sum = columns * weightOffset;
            for (int i = 0; i < weights.bits(); i++) {
                sum += (double) weights.basis()[row * weights.bits() + i] * planeSum(row, i);
            }
            this.bias[row] = (float) (bias[row] + inputOffset * sum);
            this.scale[row] = (float) ((double) weights.basis()[row * weights.bits()] * inputBasis[0]);
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

    /** Whether the second form holds for inputs of this code. */
    static boolean isEvenInput(int columns, ActivationCode input) {
        return isCoded(input) && isEvenInput(columns, inputBasis(input));
    }

    private static boolean isEvenInput(int columns, float[] inputBasis) {
        return (long) columns * ((1 << inputBasis.length) - 1) <= Integer.MAX_VALUE
                && doubles(inputBasis, 0, inputBasis.length);
    }

    /** Whether the third form holds for the product of two codes. */
    static boolean isEven(BinaryCode weights, UniformActivation input) {
        return isCoded(input) && isEven(weights, inputBasis(input));
    }

    private static boolean isEven(BinaryCode weights, float[] inputBasis) {
        if (largestSum(weights, inputBasis.length) > Integer.MAX_VALUE || !doubles(inputBasis, 0, inputBasis.length)) {
            return false;
        }
        for (int row = 0; row < weights.rows(); row++) {
            if (!doubles(weights.basis(), row * weights.bits(), weights.bits())) {
                return false;
            }
        }
        return true;
    }

    /** The largest |S_i|. */
    int largestPlaneSum() {
        return columns * ((1 << inputBits) - 1);
    }

    /** The largest |T|. */
    long largestSum() {
        return largestSum(weights, inputBits);
    }

    private static long largestSum(BinaryCode weights, int inputBits) {
        return (long) weights.columns() * ((1 << weights.bits()) - 1) * ((1 << inputBits) - 1);
    }

    private static boolean doubles(float[] basis, int from, int count) {
        for (int i = from + 1; i < from + count; i++) {
            if (basis[i] != 2 * basis[i - 1]) {
                return false;
            }
        }
        return true;
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

    /** The sum of a plane's +-1 values in one row of the weights. */
    int planeSum(int row, int plane) {
        int from = (row * weights.bits() + plane) * words;
        int ones = 0;
        for (int word = 0; word < words; word++) {
            ones += Long.bitCount(weights.planes()[from + word]);
        }
        return 2 * ones - columns;
    }

    /**
     * The term that a row's offset is multiplied with: t, or {@code ax_0 X}.
     *
     * @param planes the input: plane j of word k at {@code at + k * stride + j}
     */
    float inputSum(long[] planes, int at, int stride) {
        if (!hasWeightOffset) {
            return 0; // Every cw is zero: whatever the sum is, it adds nothing.
        }
        float sum = 0;
        int whole = 0;
        for (int plane = 0; plane < inputBits; plane++) {
            int ones = 0;
            for (int word = 0; word < words; word++) {
                ones += Long.bitCount(planes[at + word * stride + plane]);
            }
            int planeSum = 2 * ones - columns;
            sum = Math.fma(inputBasis[plane], planeSum, sum);
            whole += planeSum << plane;
        }
        return evenInput ? evenInputSum(whole) : sum;
    }

    /** The term of the second and third form, from {@code X = sum_k (2 u_k - (2^K - 1))}, u the unsigned code of input k. */
    float evenInputSum(int whole) {
        return hasWeightOffset ? inputBasis[0] * whole : 0;
    }
}
