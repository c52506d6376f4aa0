package dev.darq.search;

/** No schedule: the target from the first epoch on. */
public record DirectPrecision() implements PrecisionSchedule {
    @Override
    public double until() {
        return 0;
    }

    @Override
    public LayerCandidates before(int epoch, int length, int layer, int layers, LayerCandidates target) {
        return target;
    }
}
