package dev.darq.quantizers;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.WeightCode;

/** The one-bit codes {@code {-1, +1}} times a scale around an offset, shared by the schemes' one-bit forms. */
final class TwoLevels {
    private TwoLevels() {}

    static void forward(float[] data, int from, int length, float scale, float offset, float[] quantized) {
        float low = offset - scale;
        float high = offset + scale;
        for (int i = from; i < from + length; i++) {
            quantized[i] = data[i] >= offset ? high : low;
        }
    }

    static LevelActivation freeze(float scale, float offset) {
        return new LevelActivation(new float[] {scale}, offset);
    }

    /** Freezes weights whose threshold is 0 and whose scale is {@code scale[row]}. */
    static WeightCode freezeWeights(float[] scale, float[] weights, int rows, int columns) {
        int[] codes = new int[rows * columns];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = weights[i] >= 0 ? 1 : 0;
        }
        return BinaryCode.fromCodes(rows, columns, 1, scale, new float[rows], codes);
    }
}
