package dev.darq.search;

import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.Statistics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Ends a stage before a step that would be taken with a number that is not finite, and names the layer and the quantity.
 * One pass over the values costs little beside a step; without it a quantizer would clip a NaN, and training would go on
 * with a dead weight.
 */
final class FiniteCheck {
    private record Quantity(String name, Supplier<float[]> values) {
        static Quantity of(String layer, String name, Supplier<float[]> values) {
            return new Quantity("in layer " + layer + ", the " + name, values);
        }
    }

    private final String stage;
    private final List<Quantity> values = new ArrayList<>();
    private final List<Quantity> gradients = new ArrayList<>();
    private final List<Quantity> alphaGradients = new ArrayList<>();

    FiniteCheck(String stage, Network network) {
        this.stage = stage;
        Set<MixedTensor> shared = new HashSet<>();
        for (MixedLinear layer : network.layers()) {
            add(layer.name(), "weight", layer.weight(), gradients);
            add(layer.name(), "bias", layer.bias(), gradients);
            add(layer.name(), "weights", layer.weights());
            if (shared.add(layer.activations())) {
                add(layer.name(), "activations", layer.activations());
            }
        }
        network.plainParameters().forEach(parameter -> {
            values.add(new Quantity("the parameter " + parameter.name(), parameter::value));
            gradients.add(new Quantity("the gradient of " + parameter.name(), parameter::gradient));
        });
    }

    private void add(String layer, String role, MixedTensor tensor) {
        add(layer, "alpha of the " + role, tensor.alpha(), alphaGradients);
        for (Quantizer quantizer : tensor.candidates()) {
            String of = " of " + quantizer.candidate() + " of the " + role;
            quantizer.parameters().forEach(parameter -> add(layer, parameter.name() + of, parameter, gradients));
            values.add(Quantity.of(layer, "scale or basis" + of, quantizer::statistics));
        }
    }

    private void add(String layer, String name, Parameter parameter, List<Quantity> gradient) {
        values.add(Quantity.of(layer, name, parameter::value));
        gradient.add(Quantity.of(layer, "gradient of the " + name, parameter::gradient));
    }

    /** Weights, scales and alphas, as a step finds them. */
    void values(int step) {
        check(values, step);
    }

    /** The loss of a step. */
    void loss(String what, int step, double loss) {
        loss(stage, what, step, loss);
    }

    static void loss(String stage, String what, int step, double loss) {
        if (!Double.isFinite(loss)) {
            throw new DivergedException(stage, step, "the " + what + " is " + loss);
        }
    }

    /** The gradients that move weights and scales. */
    void gradients(int step) {
        check(gradients, step);
    }

    /** The gradients that move the alphas. */
    void alphaGradients(int step) {
        check(alphaGradients, step);
    }

    private void check(List<Quantity> quantities, int step) {
        for (Quantity quantity : quantities) {
            float[] all = quantity.values.get();
            if (!Statistics.areFinite(all, 0, all.length)) {
                throw new DivergedException(stage, step, describe(quantity, all));
            }
        }
    }

    private static String describe(Quantity quantity, float[] all) {
        int at = 0;
        while (Float.isFinite(all[at])) {
            at++;
        }
        return quantity.name + " is " + all[at] + " at position " + at
                + " of "
                + all.length;
    }
}
