package dev.darq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.benchmarks.Arithmetic.BlockedInt8;
import dev.darq.benchmarks.Arithmetic.Coded;
import dev.darq.benchmarks.Arithmetic.DynamicInt8;
import dev.darq.benchmarks.Arithmetic.Unrounded;
import dev.darq.kernels.LevelActivation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static final Workload LAYER = new Workload(Network.random(96, 32), 3);

    private static Reference of(Workload workload, Arithmetic.InputRounding rounding) {
        return Reference.of(workload,
                new Arithmetic(workload.network().layers().stream().map(Network.Layer::weights).toList(), rounding));
    }

    private static float[] floats(Workload workload) {
        NaiveContender loop = NaiveContender.floats(workload);
        loop.run();
        return loop.output();
    }

    @Test
    void aFloatLoopIsWithinTheBoundOfSums() {
        assertTrue(of(LAYER, new Unrounded()).worst(floats(LAYER)) < 1);
        Workload network = new Workload(Network.random(64, 48, 10), 2);
        assertTrue(of(network, new Unrounded()).worst(floats(network)) < 1);
    }

    @Test
    void anOutputThatIsSlightlyOffIsOutOfTheBound() {
        float[] output = floats(LAYER);
        output[output.length - 1] += 1e-3f;
        assertTrue(of(LAYER, new Unrounded()).worst(output) > 1);
    }

    @Test
    void anOutputThatWasNeverWrittenIsOutOfEveryBound() {
        for (Arithmetic.InputRounding rounding : List.of(new Unrounded(), new DynamicInt8(), new BlockedInt8(32, 2))) {
            float[] output = floats(LAYER);
            assertTrue(of(LAYER, rounding).worst(output) < 1, rounding.toString());
            for (int i = 0; i < LAYER.network().outputs(); i++) {
                output[i] = 0;
            }
            assertTrue(of(LAYER, rounding).worst(output) > 1, rounding.toString());
        }
    }

    @Test
    void anOutputThatIsNoNumberIsOutOfTheBound() {
        float[] output = floats(LAYER);
        output[0] = Float.NaN;
        assertTrue(Double.isNaN(of(LAYER, new Unrounded()).worst(output)));
    }

    @Test
    void codedInputsAreNotMistakenForFloats() {
        Coded coded = new Coded(List.of(new LevelActivation(new float[] {0.8f}, 0)));
        assertTrue(of(LAYER, coded).worst(floats(LAYER)) > 1);
    }

    @Test
    void theNumberOfOutputsIsChecked() {
        Reference reference = of(LAYER, new Unrounded());
        Exception error = assertThrows(IllegalArgumentException.class, () -> reference.worst(new float[5]));
        assertEquals("expected 96 outputs, got 5", error.getMessage());
    }
}
