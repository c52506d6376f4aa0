package dev.darq.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.darq.benchmarks.Contest.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Limits LIMITS = new Limits(0.5, List.of(100.0, 90.0, 80.0, 70.0, 60.0, 50.0, 30.0, 10.0));

    @Test
    void aMeasuredFootprintHasItsOwnBandwidth() {
        assertEquals((1 << 20) / 80.0, LIMITS.reading(1 << 20), 1e-9);
        assertEquals((64 << 20) / 10.0, LIMITS.reading(64 << 20), 1e-6);
    }

    @Test
    void betweenFootprintsTheBandwidthIsBetween() {
        // 2^23.5 is half way between 8 and 16 MiB on the logarithm.
        long bytes = Math.round(Math.pow(2, 23.5));
        assertEquals(bytes / 40.0, LIMITS.reading(bytes), 1);
    }

    @Test
    void outsideTheNearestFootprintCounts() {
        assertEquals(100 / 100.0, LIMITS.reading(100), 1e-9);
        assertEquals((256 << 20) / 10.0, LIMITS.reading(256 << 20), 1e-6);
    }

    @Test
    void popcountTakesAnOperationForEachVectorOfBits() {
        assertEquals(3 * 0.5, LIMITS.popcount(3.0 * PopcountLimit.width()), 1e-9);
    }

    @Test
    void bothWaysOfReadingSeeAllOfTheMemory() throws Exception {
        List<ReadLimit> ways = ReadLimit.both(32 << 10);
        assertEquals(ways.get(0).run(), ways.get(1).run());
    }

    @Test
    void theFasterWayOfReadingIsTheLimit() {
        List<Times> times = new ArrayList<>();
        times.add(new Times(PopcountLimit.operations() * 0.5, 9, 9, 9));
        for (int bytes : Limits.FOOTPRINTS) {
            times.add(new Times(bytes / 20.0, 9, 9, 9));
            times.add(new Times(bytes / 40.0, 9, 9, 9));
        }
        Limits limits = Limits.of(times);
        assertEquals(0.5, limits.popcountNanos(), 1e-9);
        assertEquals(Collections.nCopies(Limits.FOOTPRINTS.size(), 40.0), limits.bandwidths());
    }

    @Test
    void theProbesDoSomething() throws Exception {
        for (Timed probe : Limits.probes()) {
            assertNotEquals(0L, probe.run());
        }
    }
}
