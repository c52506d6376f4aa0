package dev.darq.kernels;

import java.util.Arrays;

/**
 * Inputs coded over a learned basis: the level nearest to x among {@code offset + sum_i basis_i * b_i}.
 *
 * <p>Source: LQ-Nets (Zhang et al., 2018). Departs from it by the offset, which lifts 1 and 2 bits markedly.
 */
public final class LevelActivation implements ActivationCode {
    private final float[] basis;
    private final float offset;
    private final BinaryLevels levels;

    /**
     * Makes the code of a basis.
     *
     * @param basis the basis, K of 1..8 finite numbers; not copied, must not change afterwards
     * @param offset the finite value that the levels are relative to
     * @throws IllegalArgumentException as {@link BinaryLevels}
     */
    public LevelActivation(float[] basis, float offset) {
        this.levels = new BinaryLevels(basis, offset);
        this.basis = basis;
        this.offset = offset;
    }

    /** The basis [K]. Not a copy: read only. */
    public float[] basis() {
        return basis;
    }

    /** The value that the levels are relative to. */
    public float offset() {
        return offset;
    }

    /** The levels and thresholds of the basis. */
    public BinaryLevels levels() {
        return levels;
    }

    @Override
    public int bits() {
        return basis.length;
    }

    @Override
    public float quantize(float x) {
        return levels.levels()[levels.encode(x)];
    }

    @Override
    public String toString() {
        return "LevelActivation[basis=" + Arrays.toString(basis) + ", offset=" + offset + "]";
    }
}
