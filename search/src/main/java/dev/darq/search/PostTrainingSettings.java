package dev.darq.search;

import dev.darq.quantizers.QuantizerSettings;
import java.util.List;

/**
 * What post-training quantization does.
 *
 * @param layers            the choice for each linear layer, in the order of the network
 * @param quantizers        options of the schemes
 * @param calibration       calibration examples taken at most, at least 1
 * @param seed              decides which examples these are
 * @param errorCompensation whether the codes of a channel are chosen by the layer's output error ({@link PostTraining})
 * @param channelCorrection whether slope and bias of each output channel are fitted by least squares
 */
public record PostTrainingSettings(List<LayerCandidates> layers, QuantizerSettings quantizers, int calibration,
        long seed,
        boolean errorCompensation, boolean channelCorrection) {
    /** Copies the list and checks the number of examples. */
    public PostTrainingSettings {
        layers = List.copyOf(layers);
        if (calibration < 1) {
            throw new IllegalArgumentException("expected at least 1 calibration example, got " + calibration);
        }
    }
}
