package dev.darq.search;

import java.util.SplittableRandom;

/**
 * A batch of examples on the Java heap.
 *
 * @param features row-major {@code [size, width]}
 * @param labels   class of each example
 * @param size     number of examples
 * @param width    features of an example
 */
record Batch(float[] features, int[] labels, int size, int width) {
    /** The examples {@code order[from..to)}. */
    static Batch of(Examples examples, int[] order, int from, int to) {
        int width = examples.width();
        float[] features = new float[(to - from) * width];
        int[] labels = new int[to - from];
        for (int i = from; i < to; i++) {
            examples.features(order[i], features, (i - from) * width);
            labels[i - from] = examples.label(order[i]);
        }
        return new Batch(features, labels, to - from, width);
    }

    /** The indices in order. */
    static int[] inOrder(int size) {
        int[] order = new int[size];
        java.util.Arrays.setAll(order, i -> i);
        return order;
    }

    /** The indices shuffled by a seed and the number of the pass, so that any pass can be repeated by itself. */
    static int[] shuffled(int size, long seed, int pass) {
        int[] order = inOrder(size);
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + pass);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
