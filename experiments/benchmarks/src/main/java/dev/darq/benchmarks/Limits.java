package dev.darq.benchmarks;

import dev.darq.benchmarks.Contest.Times;
import java.util.ArrayList;
import java.util.List;

/**
 * What the machine can do at most: the best of the rounds, which take turns with those of the contenders.
 *
 * @param popcountNanos the time of one xor + popcount + add of vectors of the preferred width
 * @param bandwidths bytes per nanosecond (GB/s) when reading as much memory as {@link #FOOTPRINTS} says, in order
 */
record Limits(double popcountNanos, List<Double> bandwidths) {
    /** Bytes: from the first-level cache to main memory. */
    static final List<Integer> FOOTPRINTS = List.of(32 << 10, 512 << 10, 1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20,
            64 << 20);

    /** What measures the limits; once for all workloads, for it fills memory. */
    static List<Timed> probes() {
        List<Timed> probes = new ArrayList<>();
        probes.add(new PopcountLimit());
        FOOTPRINTS.forEach(bytes -> probes.addAll(ReadLimit.both(bytes)));
        return probes;
    }

    /** Reads the times of {@link #probes}. */
    static Limits of(List<Times> times) {
        List<Double> bandwidths = new ArrayList<>();
        for (int i = 0; i < FOOTPRINTS.size(); i++) {
            double nanos = Math.min(times.get(2 * i + 1).best(), times.get(2 * i + 2).best());
            bandwidths.add(FOOTPRINTS.get(i) / nanos);
        }
        return new Limits(times.getFirst().best() / PopcountLimit.operations(), bandwidths);
    }

    /** The least nanoseconds that popcount takes for so many pairs of bits. */
    double popcount(double bitPairs) {
        return bitPairs / PopcountLimit.width() * popcountNanos;
    }

    /** The least nanoseconds to read weights of so many bytes, which are read again and again. */
    double reading(long bytes) {
        return bytes / bandwidth(bytes);
    }

    /** Between two measured footprints: a straight line over the logarithm of the footprint. */
    private double bandwidth(long bytes) {
        int next = 0;
        while (next < FOOTPRINTS.size() && FOOTPRINTS.get(next) < bytes) {
            next++;
        }
        if (next == 0 || next == FOOTPRINTS.size()) {
            return next == 0 ? bandwidths.getFirst() : bandwidths.getLast();
        }
        double low = Math.log(FOOTPRINTS.get(next - 1));
        double high = Math.log(FOOTPRINTS.get(next));
        double part = (Math.log(bytes) - low) / (high - low);
        return bandwidths.get(next - 1) * (1 - part) + bandwidths.get(next) * part;
    }
}
