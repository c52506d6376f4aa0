package dev.darq.quantizers;

/**
 * The weights of BitNet b1.58 (Ma et al. 2024, equations 1 to 3): {@code gamma = max(mean|W|, 1e-5)},
 * {@code W^ = clip(round(W/gamma), -1, 1) gamma}; the gradient goes straight through everywhere. In the binary code the
 * three values are the sums of two equal vectors, which need no offset.
 */
final class TernaryQuantizer extends ScaleFromData {
    private static final float LEAST_SCALE = 1e-5f;

    TernaryQuantizer(Place place, QuantizerSettings settings) {
        super(place);
    }

    private record ThreeLevels(UniformGrid grid) implements Codebook {
        /** -1 is neither plane, 0 one of them, +1 both. */
        @Override
        public int code(float value) {
            return (1 << grid.code(value)) - 1;
        }

        @Override
        public float[] basis() {
            return new float[] {grid.scale() / 2, grid.scale() / 2};
        }

        @Override
        public float codeOffset() {
            return 0;
        }
    }

    @Override
    float measure(int unit, float[] data, int from, int length) {
        return Math.max((float) Statistics.meanMagnitude(data, from, length), LEAST_SCALE);
    }

    private UniformGrid grid(int unit) {
        return UniformGrid.symmetric(scale[unit], 2);
    }

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        grid(unit).forward(data, from, length, quantized);
    }

    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        StraightThrough.everywhere(from, length, gradient, weight, dataGradient);
    }

    @Override
    Codebook codebook(int unit) {
        return new ThreeLevels(grid(unit));
    }
}
