package dev.darq.experiments;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.UniformActivation;
import dev.darq.kernels.WeightCode;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import dev.darq.search.LatencyTable.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Linear layers of random weights, frozen as a search would freeze them. */
final class LayerCodes {
    private static final int CALIBRATION_ROWS = 16;

    private final QuantizerSettings settings;
    private final SplittableRandom random;
    private final Map<List<Object>, WeightCode> weights = new HashMap<>();
    private final Map<List<Object>, ActivationCode> activations = new HashMap<>();

    LayerCodes(QuantizerSettings settings, SplittableRandom random) {
        this.settings = settings;
        this.random = random;
    }

    Linear linear(String name, Entry entry) {
        return new Linear(name,
                weights.computeIfAbsent(List.of(entry.weights(), entry.outputs(), entry.inputs()),
                        _ -> weights(entry.weights(), entry.outputs(), entry.inputs())),
                activations.computeIfAbsent(List.of(entry.activations(), entry.inputs()),
                        _ -> activations(entry.activations(), entry.inputs())),
                new float[entry.outputs()]);
    }

    private WeightCode weights(Candidate candidate, int rows, int columns) {
        Quantizer quantizer = Quantizer.create(candidate, Role.WEIGHTS, rows, columns, settings);
        float[] values = noise(random, rows * columns);
        quantizer.initialize(values, rows, columns);
        return quantizer.freezeWeights(values, rows, columns);
    }

    private ActivationCode activations(Candidate candidate, int columns) {
        Quantizer quantizer = Quantizer.create(candidate, Role.ACTIVATIONS, 1, columns, settings);
        quantizer.initialize(noise(random, CALIBRATION_ROWS * columns), CALIBRATION_ROWS, columns);
        return quantizer.freezeActivations();
    }

    /** What decides how much work a layer of one size is: the kinds and widths of its codes. */
    static Object work(Linear linear) {
        ActivationCode input = linear.input();
        return List.of(kind(linear.weights()), input.getClass(), input.bits(), input instanceof UniformActivation);
    }

    private static Object kind(WeightCode code) {
        return switch (code) {
            case GroupedWeights grouped -> List.of(grouped.getClass(), grouped.bits(), kind(grouped.groups()));
            case BinaryCode binary -> List.of(binary.getClass(), binary.bits(), isEven(binary));
            default -> List.of(code.getClass(), code.bits());
        };
    }

    /** Whether the levels are evenly spaced, so that an integer kernel can multiply them. */
    private static boolean isEven(BinaryCode code) {
        for (int i = 1; i < code.basis().length; i++) {
            if (i % code.bits() != 0 && code.basis()[i] != 2 * code.basis()[i - 1]) {
                return false;
            }
        }
        return true;
    }

    static float[] noise(SplittableRandom random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
