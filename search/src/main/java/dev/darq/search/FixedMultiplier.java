package dev.darq.search;

import dev.darq.quantizers.State;

/** A multiplier that stays. */
record FixedMultiplier(double lambda) implements Multiplier {
    @Override
    public void update(double value) {}

    @Override
    public void save(State state) {}

    @Override
    public void restore(State state) {}
}
