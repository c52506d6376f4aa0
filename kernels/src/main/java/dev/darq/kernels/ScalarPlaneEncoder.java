package dev.darq.kernels;

import java.util.Arrays;

/** Codes one input after the other. */
final class ScalarPlaneEncoder implements PlaneEncoder {
    private final ActivationCode code;
    private final int bits;

    ScalarPlaneEncoder(ActivationCode code) {
        this.code = code;
        this.bits = code.bits();
    }

    @Override
    public void encode(float[] x, int at, int count, long[] planes, int to, int stride, WordScratch scratch) {
        for (int word = 0; word < BinaryCode.words(count); word++) {
            Arrays.fill(planes, to + word * stride, to + word * stride + bits, 0);
        }
        switch (code) {
            case UniformActivation uniform -> {
                for (int i = 0; i < count; i++) {
                    set(planes, to + (i >> 6) * stride, i, uniform.code(x[at + i]) - uniform.lowest());
                }
            }
            case LevelActivation level -> {
                int[] codes = level.levels().codes();
                for (int i = 0; i < count; i++) {
                    set(planes, to + (i >> 6) * stride, i, codes[level.levels().encode(x[at + i])]);
                }
            }
            case TokenActivation _,FloatActivation _ ->
                throw new IllegalStateException("inputs of the float kernel have no planes");
        }
    }

    private void set(long[] planes, int word, int index, int value) {
        for (int bit = 0; bit < bits; bit++) {
            planes[word + bit] |= (long) (value >> bit & 1) << index;
        }
    }
}
