package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes the linear layers of a network. Tied tensors share their choice. Layers that read the same and tie their
 * activations share the quantizers of it too: it is one tensor with one choice, so there is one scale to learn, from the
 * gradients of all of them, and the tensor is quantized once.
 */
final class LayerFactory {
    private final NetworkSpec spec;
    private final QuantizerSettings settings;
    private final SplittableRandom random;
    private final Scratch scratch = new Scratch();
    private final Map<String, RelaxedChoice> choices = new HashMap<>();
    private final Map<String, MixedInput> inputs = new HashMap<>();

    LayerFactory(NetworkSpec spec, QuantizerSettings settings, long seed) {
        this.spec = spec;
        this.settings = settings;
        random = new SplittableRandom(seed);
    }

    List<MixedLinear> layers(List<LayerSpace> spaces) {
        List<MixedLinear> layers = new ArrayList<>();
        for (int i = 0; i < spaces.size(); i++) {
            LayerShape shape = spec.shapes().get(i);
            MixedLinear layer = new MixedLinear(shape, weights(shape, spaces.get(i)), input(shape, spaces.get(i)));
            layer.initialize(random);
            layers.add(layer);
        }
        return layers;
    }

    private MixedTensor weights(LayerShape shape, LayerSpace space) {
        List<Candidate> candidates = space.space().weights();
        return new MixedTensor(choice(space.weightsTie(), candidates), candidates.stream().map(
                candidate -> Quantizer.create(candidate, Role.WEIGHTS, shape.outputs(), shape.inputs(), settings))
                .toList());
    }

    private MixedInput input(LayerShape shape, LayerSpace space) {
        List<Candidate> candidates = space.space().activations();
        String tie = space.activationsTie();
        return inputs.computeIfAbsent(tie + " of " + spec.inputOf(shape.name()),
                _ -> new MixedInput(new MixedTensor(choice(tie, candidates), candidates.stream()
                        .map(candidate -> Quantizer.create(candidate, Role.ACTIVATIONS, 1, shape.inputs(), settings))
                        .toList()), scratch));
    }

    private RelaxedChoice choice(String tie, List<Candidate> candidates) {
        return choices.computeIfAbsent(tie, name -> new RelaxedChoice(name, candidates.size()));
    }
}
