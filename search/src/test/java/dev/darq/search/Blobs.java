package dev.darq.search;

import java.util.SplittableRandom;

/** Classes that are Gaussian blobs around random centres: learnable in a second, not linearly trivial for few bits. */
final class Blobs implements Examples {
    private final float[] features;
    private final int[] labels;
    private final int width;
    private final int classes;

    Blobs(int size, int width, int classes, long seed) {
        this.width = width;
        this.classes = classes;
        features = new float[size * width];
        labels = new int[size];
        SplittableRandom centres = new SplittableRandom(4711);
        double[] centre = centres.doubles((long) classes * width, -1, 1).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < size; i++) {
            labels[i] = random.nextInt(classes);
            for (int k = 0; k < width; k++) {
                features[i * width + k] = (float) (centre[labels[i] * width + k] + 0.6 * random.nextGaussian());
            }
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public void features(int index, float[] target, int offset) {
        System.arraycopy(features, index * width, target, offset, width);
    }

    @Override
    public int label(int index) {
        return labels[index];
    }
}
