package dev.darq.search;

import java.util.SplittableRandom;

/**
 * What is done to training examples, and to them alone, each time they are shown.
 *
 * @param shift   images are moved by up to this many pixels in both directions, black coming in at the edges; 0 for none
 * @param dropout probability that a feature is set to 0, the others being scaled by {@code 1/(1 - dropout)} (Srivastava
 *                et al. 2014); in [0, 1)
 */
public record Augmentation(int shift, double dropout) {
    /** Examples as they are. */
    public static final Augmentation NONE = new Augmentation(0, 0);

    /** Checks the ranges. */
    public Augmentation {
        if (shift < 0 || !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "expected a shift of at least 0 and a dropout in [0, 1), got " + shift + " and " + dropout);
        }
    }

    /** Changes the features of a batch; an image is a square of features. */
    void apply(Batch batch, SplittableRandom random) {
        if (shift > 0) {
            move(batch, random);
        }
        if (dropout > 0) {
            float scale = (float) (1 / (1 - dropout));
            float[] features = batch.features();
            for (int i = 0; i < features.length; i++) {
                features[i] = random.nextDouble() < dropout ? 0 : features[i] * scale;
            }
        }
    }

    private void move(Batch batch, SplittableRandom random) {
        if (!isSquare(batch.width())) {
            throw new IllegalArgumentException("expected square images, got images of " + batch.width() + " pixels");
        }
        int side = side(batch.width());
        float[] moved = new float[batch.width()];
        for (int image = 0; image < batch.size(); image++) {
            int down = random.nextInt(2 * shift + 1) - shift;
            int right = random.nextInt(2 * shift + 1) - shift;
            int start = image * batch.width();
            for (int row = 0; row < side; row++) {
                for (int column = 0; column < side; column++) {
                    int fromRow = row - down;
                    int fromColumn = column - right;
                    boolean inside = fromRow >= 0 && fromRow < side && fromColumn >= 0 && fromColumn < side;
                    moved[row * side + column] = inside ? batch.features()[start + fromRow * side + fromColumn] : 0;
                }
            }
            System.arraycopy(moved, 0, batch.features(), start, moved.length);
        }
    }

    /** Whether images of so many pixels are squares, as shifting needs. */
    public static boolean isSquare(int pixels) {
        return side(pixels) * side(pixels) == pixels;
    }

    private static int side(int pixels) {
        return (int) Math.round(Math.sqrt(pixels));
    }
}
