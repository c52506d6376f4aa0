package dev.darq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineupTest {
    private static void check(Workload workload, Set<String> expected) throws Exception {
        try (Lineup lineup = new Lineup(workload)) {
            Set<String> names = new HashSet<>();
            for (Entry entry : lineup.entries()) {
                Object _ = entry.contender().run();
                double error = entry.reference().worst(entry.contender().output());
                assertTrue(error <= 1, entry.name() + ": " + error + " of the bound, " + entry.bound());
                assertTrue(names.add(entry.name()), entry.name());
                assertTrue(entry.weightBytes() > 0, entry.name());
            }
            lineup.leftOut().forEach(part -> names.add(part.what()));
            assertTrue(names.containsAll(expected), names.toString());
        }
    }

    @Test
    void everyContenderOfALayerIsWithinItsBound() throws Exception {
        for (int batch : List.of(1, 7)) {
            check(new Workload(Network.random(256, 128), batch), Set.of("Darq (1,1)", "Darq (2,2)", "Darq (3,3)",
                    "Darq (4,4)", "Darq (2,2) lq by uniform", "Darq (4,4) uniform", "Darq (1,8)", "Darq (4,8)",
                    "Darq (8,8) uniform",
                    "Darq float32", "naive 32-bit words (3,3)", "naive float32 loop"));
        }
    }

    @Test
    void everyContenderOfANetworkIsWithinItsBound() throws Exception {
        check(new Workload(Network.random(100, 64, 10), 5), Set.of("Darq (1,1)", "Darq (4,4)", "Darq float32",
                "naive 32-bit words (1,1)"));
    }

    @Test
    void weightsOfFewBitsAreSmallerThanFloats() throws Exception {
        try (Lineup lineup = new Lineup(new Workload(Network.random(256, 128), 1))) {
            long floats = 256 * 128 * 4;
            for (Entry entry : lineup.entries()) {
                if (entry.name().equals("Darq (1,1)")) {
                    assertEquals(256 * 128 / 8 + 2 * 128 * 4, entry.weightBytes());
                } else if (entry.name().equals(Lineup.DARQ_FLOAT)) {
                    assertEquals(floats, entry.weightBytes());
                }
            }
        }
    }
}
