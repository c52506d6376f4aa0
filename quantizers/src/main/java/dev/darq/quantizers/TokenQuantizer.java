package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.TokenActivation;

/**
 * The activations of BitNet b1.58 (Ma et al. 2024; BitNet, Wang et al. 2023, equation 4): every sample has a scale of its
 * own, {@code s = max(max|x|, 1e-5) / (2^(b-1) - 1)}, taken at run time, so nothing is calibrated;
 * {@code x^ = clip(round(x/s)) s}. The gradient goes straight through. {@link TokenActivation} says how the arithmetic
 * departs from the paper, and is what runs here as well, so that both agree bit for bit.
 */
final class TokenQuantizer extends Quantizer {
    private final TokenActivation code;

    TokenQuantizer(Place place, QuantizerSettings settings) {
        super(place);
        code = new TokenActivation(bits());
    }

    /** Every row has a scale of its own. */
    @Override
    public boolean rowsAreAlike() {
        return false;
    }

    @Override
    void fit(int unit, float[] data, int from, int length) {}

    @Override
    void quantize(int unit, float[] data, int from, int length, float[] quantized) {
        code.quantize(data, from, length, quantized, from);
    }

    @Override
    void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        StraightThrough.everywhere(from, length, gradient, weight, dataGradient);
    }

    @Override
    public ActivationCode freezeActivations() {
        return code;
    }
}
