package dev.darq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.benchmarks.Arithmetic.Unrounded;
import dev.darq.benchmarks.Target.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
    private static List<Target> targets(int batch, String name, int... widths) {
        Workload workload = new Workload(Network.random(widths), batch);
        Reference reference = Reference.of(workload,
                new Arithmetic(workload.network().layers().stream().map(Network.Layer::weights).toList(),
                        new Unrounded()));
        return Target.of(workload, new Entry(name, NaiveContender.floats(workload), reference, "", 1, 4));
    }

    @Test
    void aLayerThatIsHeldToFiguresHasThemAsTargets() {
        assertEquals("[3.5x int8, 18x float32 kernel, 80 % of popcount]",
                targets(1, "Darq (2,2)", 1024, 1024).toString());
        assertEquals("[1.05x int8, 6x float32 kernel, 80 % of popcount]",
                targets(1, "Darq (4,4) lq by uniform", 1024, 1024).toString());
        assertEquals("[20x float32 kernel, 24x ONNX float32]", targets(1, "Darq (1,1)", 784, 512, 10).toString());
    }

    @Test
    void otherLayersBatchesAndCodesHaveNoTarget() {
        assertEquals(List.of(), targets(24, "Darq (2,2)", 1024, 1024));
        assertEquals(List.of(), targets(1, "Darq (8,8) uniform", 1024, 1024));
        assertEquals(List.of(), targets(1, "Darq (2,2)", 512, 1024));
    }

    @Test
    void whatIsMissedIsNamed() {
        List<Target> targets = targets(1, "Darq (2,2)", 1024, 1024);
        assertEquals("yes", Target.met(targets, new Row(3.5, 18.0, 1.0, 0.8, 0.1)));
        assertEquals("no: int8, of popcount", Target.met(targets, new Row(3.4, 18.1, 1.0, 0.79, 0.1)));
        assertEquals("no: int8", Target.met(targets, new Row(null, 18.1, null, 0.9, 0.1)));
        assertEquals("", Target.met(List.of(), new Row(1.0, 1.0, 1.0, null, 0.1)));
    }
}
