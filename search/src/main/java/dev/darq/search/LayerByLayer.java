package dev.darq.search;

/**
 * Gradual quantization by layers: the schedule is divided into as many parts as there are layers; in each part one more
 * layer has its target, the others are float32.
 *
 * @param lastFirst whether the layer nearest to the output comes first, instead of the one nearest to the input
 * @param until     fraction of the epochs, 0 to 1, after which all layers have their target
 */
public record LayerByLayer(boolean lastFirst, double until) implements PrecisionSchedule {
    @Override
    public LayerCandidates before(int epoch, int length, int layer, int layers, LayerCandidates target) {
        int turn = lastFirst ? layers - 1 - layer : layer;
        return (long) epoch * layers >= (long) turn * length ? target : LayerCandidates.FLOAT32;
    }
}
