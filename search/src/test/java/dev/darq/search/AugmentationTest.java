package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private static Batch batch(int size, int width) {
        float[] features = new float[size * width];
        for (int i = 0; i < features.length; i++) {
            features[i] = 1 + i % width;
        }
        return new Batch(features, new int[size], size, width);
    }

    private static float[] changed(Augmentation augmentation, Batch batch, long seed) {
        augmentation.apply(batch, new SplittableRandom(seed));
        return batch.features();
    }

    /** The image 1..9 moved down and right, row by row. */
    private static String moved(int down, int right) {
        StringBuilder image = new StringBuilder();
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                int r = row - down;
                int c = column - right;
                image.append(r < 0 || r > 2 || c < 0 || c > 2 ? 0 : 1 + 3 * r + c);
            }
        }
        return image.toString();
    }

    @Test
    void shiftedImagesAreTheNineNeighboursAndEachComes() {
        Set<String> expected = new HashSet<>();
        for (int down = -1; down <= 1; down++) {
            for (int right = -1; right <= 1; right++) {
                expected.add(moved(down, right));
            }
        }
        float[] features = changed(new Augmentation(1, 0), batch(300, 9), 1);
        Set<String> seen = new HashSet<>();
        for (int image = 0; image < 300; image++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 9; i++) {
                text.append((int) features[image * 9 + i]);
            }
            seen.add(text.toString());
        }
        assertEquals(expected, seen);
    }

    @Test
    void dropoutClearsItsShareAndScalesTheRest() {
        Batch batch = batch(1, 10_000);
        float[] before = batch.features().clone();
        float[] after = changed(new Augmentation(0, 0.2), batch, 2);
        int cleared = 0;
        for (int i = 0; i < after.length; i++) {
            if (after[i] == 0) {
                cleared++;
            } else {
                assertEquals(before[i] * 1.25, after[i], 1e-3);
            }
        }
        assertTrue(cleared > 1800 && cleared < 2200, cleared + " of 10,000 cleared");
    }

    @Test
    void theSameSeedDoesTheSame() {
        Augmentation augmentation = new Augmentation(1, 0.3);
        assertArrayEquals(changed(augmentation, batch(5, 9), 3), changed(augmentation, batch(5, 9), 3));
        assertTrue(!Arrays.equals(changed(augmentation, batch(5, 9), 3), changed(augmentation, batch(5, 9), 4)));
    }

    @Test
    void noneChangesNothing() {
        assertArrayEquals(batch(2, 5).features(), changed(Augmentation.NONE, batch(2, 5), 1));
    }

    @Test
    void whatIsNoSquareCannotBeShifted() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> changed(new Augmentation(1, 0), batch(1, 10), 1));
        assertTrue(refused.toString().contains("images of 10 pixels"), refused.toString());
        assertThrows(IllegalArgumentException.class, () -> new Augmentation(0, 1));
    }
}
