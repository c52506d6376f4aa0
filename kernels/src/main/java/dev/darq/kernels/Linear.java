package dev.darq.kernels;

/**
 * A linear layer: {@code y = W q(x) + bias}, from {@code [columns]} to {@code [rows]}. The bias is not copied and must not
 * change afterwards.
 *
 * @param name the name, 1..200 characters
 * @param weights the weights W, {@code [rows, columns]}
 * @param input how x is quantized
 * @param bias the bias, {@code [rows]}, finite; zeros where the layer has none
 */
public record Linear(String name, WeightCode weights, ActivationCode input, float[] bias) implements Operation {
    /**
     * Checks the bias.
     *
     * @throws IllegalArgumentException if its length is wrong or a number is not finite
     */
    public Linear {
        Require.length("bias", weights.rows(), bias.length);
        Require.finite("bias", bias);
    }
}
