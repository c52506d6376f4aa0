package dev.darq.search;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.QuantizerSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network on its way along a {@link PrecisionSchedule}: in each epoch an {@link Network} with one candidate for each tensor,
 * all of them sharing weights and biases. A quantizer that a tensor did not have in the epoch before is set from data: from
 * the weights as they are and from the inputs that the present network's quantized layers give.
 */
final class ScheduledNetwork {
    private final PrecisionSchedule schedule;
    private final List<LayerCandidates> target;
    private final int epochs;
    private final Network all;
    private final Batch calibration;
    private List<LayerCandidates> candidates = List.of();
    private @Nullable Network present;

    ScheduledNetwork(Network start, List<LayerCandidates> target, QuantizedTrainingSettings settings,
            QuantizerSettings quantizers, Batch calibration) {
        this.schedule = settings.schedule();
        this.target = List.copyOf(target);
        this.epochs = settings.epochs();
        this.calibration = calibration;
        all = Network.create(start.spec(), spaces(start.shapes()), quantizers, 0);
        all.copyWeights(start);
    }

    private List<LayerCandidates> at(int epoch) {
        List<LayerCandidates> layers = new ArrayList<>();
        for (int layer = 0; layer < target.size(); layer++) {
            layers.add(schedule.at(epoch, epochs, layer, target.size(), target.get(layer)));
        }
        return layers;
    }

    /** Every candidate that a layer will have. */
    private List<LayerSpace> spaces(List<LayerShape> shapes) {
        List<LayerSpace> spaces = new ArrayList<>();
        for (int layer = 0; layer < target.size(); layer++) {
            Set<Candidate> weights = new LinkedHashSet<>();
            Set<Candidate> activations = new LinkedHashSet<>();
            for (int epoch = 0; epoch <= schedule.settled(epochs); epoch++) {
                weights.add(at(epoch).get(layer).weights());
                activations.add(at(epoch).get(layer).activations());
            }
            spaces.add(LayerSpace.of(shapes.get(layer).name(),
                    new SearchSpace(List.copyOf(weights), List.copyOf(activations))));
        }
        return spaces;
    }

    /** Whether every layer has its target in this epoch. */
    boolean isSettled(int epoch) {
        return epoch >= schedule.settled(epochs);
    }

    /** The candidates of the present network. */
    List<LayerCandidates> candidates() {
        return candidates;
    }

    /** The network of an epoch; the same object as long as no candidate changes. */
    Network network(int epoch) {
        List<LayerCandidates> wanted = at(epoch);
        Network before = present;
        if (before != null && wanted.equals(candidates)) {
            return before;
        }
        Set<Quantizer> fitted = Collections.newSetFromMap(new IdentityHashMap<>());
        if (before != null) {
            before.tensors().forEach(tensor -> fitted.addAll(tensor.candidates()));
        }
        Network network = all.discrete(wanted);
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, false)) {
            network.calibrate(tape,
                    tape.constant(calibration.features(), new Shape(calibration.size(), calibration.width())),
                    Pass.EVALUATE_HARD, quantizer -> !fitted.contains(quantizer));
        }
        candidates = wanted;
        present = network;
        return network;
    }
}
