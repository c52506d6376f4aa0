package dev.darq.search;

import dev.darq.quantizers.State;

/**
 * An endless sequence of batches. Every epoch has an order of its own, made from the seed and the epoch's number; a last
 * incomplete batch is left out.
 */
final class Batches implements State.Holder {
    private final Examples examples;
    private final int batchSize;
    private final long seed;
    private int epoch;
    private int position;
    private int[] order;

    Batches(Examples examples, int batchSize, long seed, int firstEpoch) {
        this.examples = examples;
        this.batchSize = Math.min(batchSize, examples.size());
        this.seed = seed;
        this.epoch = firstEpoch;
        this.order = Batch.shuffled(examples.size(), seed, firstEpoch);
    }

    static int perEpoch(Examples examples, int batchSize) {
        return examples.size() / Math.min(batchSize, examples.size());
    }

    /** The position; the order of an epoch follows from its number. */
    @Override
    public void save(State state) {
        state.put("epoch", (long) epoch);
        state.put("position", (long) position);
    }

    @Override
    public void restore(State state) {
        epoch = Math.toIntExact(state.integer("epoch"));
        position = Math.toIntExact(state.integer("position"));
        order = Batch.shuffled(examples.size(), seed, epoch);
    }

    Batch next() {
        if (position + batchSize > order.length) {
            epoch++;
            position = 0;
            order = Batch.shuffled(examples.size(), seed, epoch);
        }
        position += batchSize;
        return Batch.of(examples, order, position - batchSize, position);
    }
}
