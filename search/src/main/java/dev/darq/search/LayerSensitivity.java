package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What it costs to quantize one layer alone: the rise of the validation loss of a float32 network when this layer has
 * the fewest bits of the search space and all others stay in float32, without training.
 *
 * @param layer       name of the layer
 * @param lowest      the candidates of fewest bits
 * @param lossRise    rise of the mean cross-entropy, in nats
 */
public record LayerSensitivity(String layer, LayerCandidates lowest, double lossRise) {
    /**
     * Measures every layer.
     *
     * @param network     trained in float32; only its weights are read
     * @param space       what every layer may choose from
     * @param settings    options of the quantizers
     * @param training    calibrates
     * @param calibration what quantizers are set from
     * @param validation  what the loss is measured on
     */
    public static List<LayerSensitivity> measure(Network network, SearchSpace space, QuantizerSettings settings,
            Training training, Examples calibration, Examples validation) {
        LayerCandidates lowest = new LayerCandidates(fewestBits(space.weights()), fewestBits(space.activations()));
        double before = Evaluation.loss(Evaluation.logits(network, validation, Pass.EVALUATE_FLOAT), validation);
        List<LayerSensitivity> sensitivities = new ArrayList<>();
        int layers = network.layers().size();
        for (int l = 0; l < layers; l++) {
            List<LayerCandidates> alone = new ArrayList<>(Collections.nCopies(layers, LayerCandidates.FLOAT32));
            alone.set(l, lowest);
            Network lowered = Network.create(network.spec(), new MixedPrecision(alone), settings, 0);
            lowered.copyWeights(network);
            training.calibrate(lowered, calibration);
            double after = Evaluation.loss(Evaluation.logits(lowered, validation), validation);
            sensitivities.add(new LayerSensitivity(network.layers().get(l).name(), lowest, after - before));
        }
        return sensitivities;
    }

    private static Candidate fewestBits(List<Candidate> candidates) {
        return Collections.min(candidates, Comparator.comparingInt(Candidate::bits));
    }
}
