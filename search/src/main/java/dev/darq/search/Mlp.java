package dev.darq.search;

import ai.djl.ndarray.NDArray;
import dev.darq.kernels.ActivationFunction;
import java.util.List;

/** A multi-layer perceptron. */
final class Mlp extends Network {
    private final ActivationFunction function;

    Mlp(MlpSpec spec, List<LayerSpace> spaces, List<MixedLinear> layers) {
        super(spec, spaces, layers);
        function = spec.activation();
    }

    @Override
    Mlp with(List<LayerSpace> otherSpaces, List<MixedLinear> otherLayers) {
        return new Mlp((MlpSpec) spec(), otherSpaces, otherLayers);
    }

    ActivationFunction function() {
        return function;
    }

    @Override
    NDArray run(Tape tape, NDArray x, Linears linears) {
        NDArray value = linears.apply(layers().getFirst(), x);
        for (MixedLinear layer : layers().subList(1, layers().size())) {
            value = linears.apply(layer, Activations.apply(function, value));
        }
        return value;
    }
}
