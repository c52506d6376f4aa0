package dev.darq.search;

import java.util.Arrays;

/**
 * Examples divided in two: inner steps see one part, outer steps the other.
 *
 * @param train      the larger part
 * @param validation the part held out
 */
public record ExampleSplit(Examples train, Examples validation) {
    private static final int SPLIT_ORDER = -2;
    private static final int SAMPLE_ORDER = -3;

    /**
     * Divides examples; which go where depends on the seed alone.
     *
     * @param fraction share held out for validation, in (0, 1); at least one example goes to either part
     */
    public static ExampleSplit of(Examples examples, double fraction, long seed) {
        int count = examples.size();
        if (count < 2) {
            throw new IllegalArgumentException("a split needs at least 2 examples, got " + count);
        }
        int[] order = Batch.shuffled(count, seed, SPLIT_ORDER);
        int held = Math.clamp(Math.round(count * fraction), 1, count - 1);
        return new ExampleSplit(new Selection(examples, Arrays.copyOfRange(order, held, count)),
                new Selection(examples, Arrays.copyOf(order, held)));
    }

    /** Some of the examples, all if there are no more than {@code most}; which ones depends on the seed alone. */
    public static Examples sample(Examples examples, int most, long seed) {
        int[] order = Batch.shuffled(examples.size(), seed, SAMPLE_ORDER);
        return new Selection(examples, Arrays.copyOf(order, Math.min(most, order.length)));
    }

    private record Selection(Examples examples, int[] indices) implements Examples {
        @Override
        public int size() {
            return indices.length;
        }

        @Override
        public int width() {
            return examples.width();
        }

        @Override
        public int classes() {
            return examples.classes();
        }

        @Override
        public void features(int index, float[] target, int offset) {
            examples.features(indices[index], target, offset);
        }

        @Override
        public int label(int index) {
            return examples.label(indices[index]);
        }
    }
}
