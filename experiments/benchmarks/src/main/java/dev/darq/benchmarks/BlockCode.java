package dev.darq.benchmarks;

/**
 * Weights as unsigned codes with a scale for each block of a row: {@code w = (code - 2^(bits-1)) * scale}. The form of
 * ONNX Runtime's MatMulNBits and of Jlama's Q4.
 *
 * @param rows the number of outputs
 * @param columns the number of inputs, a multiple of the block
 * @param bits the bits of a code
 * @param block columns that share a scale
 * @param codes the codes, {@code [rows, columns]}
 * @param scales the scales, {@code [rows, columns / block]}
 */
record BlockCode(int rows, int columns, int bits, int block, byte[] codes, float[] scales) {
    /** Rounds the weights of a layer to nearest; the number of the largest magnitude of a block is exact. */
    static BlockCode of(Network.Layer layer, int bits, int block) {
        float[] weights = layer.weights();
        byte[] codes = new byte[weights.length];
        float[] scales = new float[weights.length / block];
        int zero = 1 << bits - 1;
        for (int b = 0; b < scales.length; b++) {
            float extreme = 0;
            for (int i = b * block; i < (b + 1) * block; i++) {
                extreme = Math.abs(weights[i]) > Math.abs(extreme) ? weights[i] : extreme;
            }
            // There is one code more below zero than above: the extreme takes it.
            scales[b] = extreme / -zero;
            for (int i = b * block; i < (b + 1) * block; i++) {
                codes[i] = (byte) Math.min(2 * zero - 1, Math.round(weights[i] / scales[b]) + zero);
            }
        }
        return new BlockCode(layer.outputs(), layer.inputs(), bits, block, codes, scales);
    }

    /** The weights that the codes stand for. */
    float[] decode() {
        float[] weights = new float[codes.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (codes[i] - (1 << bits - 1)) * scales[i / block];
        }
        return weights;
    }

    /** The bytes of codes and scales. */
    long bytes() {
        return codes.length * (long) bits / Byte.SIZE + scales.length * (long) Float.BYTES;
    }
}
