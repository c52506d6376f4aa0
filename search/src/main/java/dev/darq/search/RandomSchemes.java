package dev.darq.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random mixed-precision schemes at equal cost: each scheme of the space whose cost lies in a window is equally likely.
 *
 * <p>
 * Costs are rounded to a grid, on which the schemes of a window are counted layer by layer, and with the counts one is
 * drawn without bias. The window on the grid is wider by what rounding may add up to; what lies outside of the true window
 * is drawn again, so that the grid decides about speed alone.
 */
public final class RandomSchemes {
    private static final int GRID = 4096;
    /** So many schemes are listed instead of drawn, so that none is missed where there are few. */
    private static final double LISTED = 10_000;
    private static final int ATTEMPTS = 1000;

    private final SchemeSpace space;
    private final double[][] costs;
    private final double overhead;
    private final double least;
    private final double most;
    private final int[][] bins;
    /** The overhead on the grid. */
    private final int start;
    /** {@code [layer][grid cost so far]}: the ways in which this and later layers end in the window. */
    private final double[][] ways;

    /**
     * The schemes of a window.
     *
     * @param least least cost, a fraction of the float32 network's
     * @param most  largest cost, a fraction of the float32 network's, positive
     */
    public RandomSchemes(SchemeSpace space, CostModel model, double least, double most) {
        this.space = space;
        this.least = least * (1 - 1e-9);
        this.most = most * (1 + 1e-9);
        costs = space.costs(model);
        overhead = space.overhead(model);
        double step = most / GRID;
        start = bin(overhead, step);
        bins = new int[costs.length][];
        for (int l = 0; l < costs.length; l++) {
            bins[l] = new int[costs[l].length];
            for (int p = 0; p < bins[l].length; p++) {
                bins[l][p] = bin(costs[l][p], step);
            }
        }
        int slack = (costs.length + 1) / 2 + 1;
        ways = count(Math.max(0, (int) Math.floor(least / step) - slack), GRID + slack);
    }

    private static int bin(double cost, double step) {
        return (int) Math.min(Integer.MAX_VALUE / 2, Math.round(cost / step));
    }

    private double[][] count(int from, int to) {
        double[][] counts = new double[bins.length + 1][to + 1];
        for (int s = from; s <= to; s++) {
            counts[bins.length][s] = 1;
        }
        for (int l = bins.length - 1; l >= 0; l--) {
            for (int s = 0; s <= to; s++) {
                for (int bin : bins[l]) {
                    counts[l][s] += s + bin <= to ? counts[l + 1][s + bin] : 0;
                }
            }
        }
        return counts;
    }

    /**
     * Draws schemes without repeating one.
     *
     * @param count how many; where the window has fewer, all of them are returned
     * @param seed  the same seed gives the same schemes
     */
    public List<MixedPrecision> draw(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        if (start >= ways[0].length || ways[0][start] <= LISTED) {
            List<MixedPrecision> listed = new ArrayList<>();
            list(new int[bins.length], 0, start, listed);
            int[] order = Batch.shuffled(listed.size(), seed, 0);
            return Arrays.stream(order).limit(count).mapToObj(listed::get).toList();
        }
        Set<MixedPrecision> drawn = new LinkedHashSet<>();
        for (int attempt = 0; attempt < ATTEMPTS * count && drawn.size() < count; attempt++) {
            int[] choice = one(random);
            if (isInWindow(choice)) {
                drawn.add(space.scheme(choice));
            }
        }
        return List.copyOf(drawn);
    }

    private void list(int[] choice, int layer, int sum, List<MixedPrecision> found) {
        if (layer == choice.length) {
            if (isInWindow(choice)) {
                found.add(space.scheme(choice));
            }
            return;
        }
        for (int p = 0; p < bins[layer].length; p++) {
            int next = sum + bins[layer][p];
            if (next < ways[layer].length && ways[layer + 1][next] > 0) {
                choice[layer] = p;
                list(choice, layer + 1, next, found);
            }
        }
    }

    private int[] one(SplittableRandom random) {
        int[] choice = new int[bins.length];
        int sum = start;
        for (int l = 0; l < choice.length; l++) {
            double rest = random.nextDouble() * ways[l][sum];
            for (int p = 0; p < bins[l].length; p++) {
                int next = sum + bins[l][p];
                double share = next < ways[l].length ? ways[l + 1][next] : 0;
                if (share > 0) {
                    // The last pair that leads anywhere is taken even if rounding leaves a rest.
                    choice[l] = p;
                    rest -= share;
                    if (rest < 0) {
                        break;
                    }
                }
            }
            sum += bins[l][choice[l]];
        }
        return choice;
    }

    private boolean isInWindow(int[] choice) {
        double cost = overhead;
        for (int l = 0; l < choice.length; l++) {
            cost += costs[l][choice[l]];
        }
        return cost >= least && cost <= most;
    }
}
