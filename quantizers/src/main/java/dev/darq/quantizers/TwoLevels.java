package dev.darq.quantizers;

import dev.darq.kernels.LevelActivation;

/**
 * The one-bit codes {@code {-1, +1}} times a scale around an offset, shared by the schemes' one-bit forms. The offset
 * itself takes the upper level, NaN the lower.
 *
 * @param scale  distance of both levels from the offset
 * @param offset the middle, and the threshold
 */
record TwoLevels(float scale, float offset) implements Codebook {
    void forward(float[] data, int from, int length, float[] quantized) {
        float low = offset - scale;
        float high = offset + scale;
        for (int i = from; i < from + length; i++) {
            quantized[i] = data[i] >= offset ? high : low;
        }
    }

    LevelActivation freeze() {
        return new LevelActivation(basis(), offset);
    }

    @Override
    public int code(float value) {
        return value >= offset ? 1 : 0;
    }

    @Override
    public float[] basis() {
        return new float[] {scale};
    }

    @Override
    public float codeOffset() {
        return offset;
    }
}
