package dev.darq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.benchmarks.Contest.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContestTest {
    private final List<String> calls = new ArrayList<>();

    private Timed waiting(String name, int millis) {
        return () -> {
            calls.add(name);
            Thread.sleep(millis);
            return name;
        };
    }

    @Test
    void contendersTakeTurns() throws Exception {
        // Each call is longer than a turn: one call a turn.
        new Contest(3, 1, 1, 1).times(List.of(waiting("a", 5), waiting("b", 5)), false);
        Stream<String> turns = calls.stream().skip(calls.size() - 6);
        assertEquals(List.of("a", "b", "a", "b", "a", "b"), turns.toList());
    }

    @Test
    void theSlowerTakesLonger() throws Exception {
        List<Times> times = new Contest(3, 10, 1, 1).times(List.of(waiting("fast", 2), waiting("slow", 20)), true);
        assertTrue(times.get(0).median() >= 2e6, times.toString());
        assertTrue(times.get(1).median() >= 20e6, times.toString());
        Times fast = times.get(0);
        assertTrue(fast.best() <= fast.lower() && fast.lower() <= fast.median() && fast.median() <= fast.upper(),
                fast.toString());
    }
}
