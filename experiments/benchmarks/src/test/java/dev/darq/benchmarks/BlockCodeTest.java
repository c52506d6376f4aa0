package dev.darq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BlockCodeTest {
    private static final Network.Layer LAYER = Network.random(128, 16).layers().getFirst();

    @Test
    void aWeightIsAtMostAStepFromItsCode() {
        for (int bits : new int[] {2, 4}) {
            BlockCode code = BlockCode.of(LAYER, bits, 32);
            float[] decoded = code.decode();
            for (int i = 0; i < decoded.length; i++) {
                // Half a step, but a whole one where the code above the highest would be needed.
                double step = Math.abs(code.scales()[i / 32]);
                assertTrue(Math.abs(decoded[i] - LAYER.weights()[i]) <= step * 1.0001, bits + " bits, weight " + i);
            }
        }
    }

    @Test
    void theBytesAreThoseOfCodesAndScales() {
        assertEquals(16 * 128 / 2 + 16 * 4 * 4, BlockCode.of(LAYER, 4, 32).bytes());
        assertEquals(16 * 128 / 4 + 16 * 4, BlockCode.of(LAYER, 2, 128).bytes());
    }
}
