package dev.darq.search;

/** A multiplier that stays. */
record FixedMultiplier(double lambda) implements Multiplier {
    @Override
    public void update(double value) {}
}
