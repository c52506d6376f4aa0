package dev.darq.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One epoch of quantization-aware training.
 *
 * @param stage              which network is trained, for a person to read
 * @param epoch              epochs done, from 1
 * @param candidates         what each layer had in this epoch
 * @param trainingLoss       mean loss of the steps
 * @param validationAccuracy accuracy on the validation examples, if there are any
 */
public record TuningEpoch(String stage, int epoch, List<LayerCandidates> candidates, double trainingLoss,
        @Nullable Double validationAccuracy) {
    /** Copies the list. */
    public TuningEpoch {
        candidates = List.copyOf(candidates);
    }
}
