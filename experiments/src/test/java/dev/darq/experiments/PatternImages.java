package dev.darq.experiments;

import dev.darq.experiments.data.DataSet;
import java.util.SplittableRandom;

/** Images made for tests: each class is a pattern of 4 x 4 pixels with noise. */
final class PatternImages {
    static final DataSet DATA = new DataSet("patterns", 16, 10, images(2000, 2), images(500, 3));

    private PatternImages() {}

    private static DataSet.Split images(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom patterns = new SplittableRandom(1);
        int[] pattern = patterns.ints(160, 0, 200).toArray();
        byte[] pixels = new byte[count * 16];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.nextInt(10);
            for (int k = 0; k < 16; k++) {
                pixels[i * 16 + k] = (byte) (pattern[labels[i] * 16 + k] + random.nextInt(56));
            }
        }
        return new DataSet.Split(pixels, labels);
    }
}
