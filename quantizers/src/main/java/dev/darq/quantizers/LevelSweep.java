package dev.darq.quantizers;

import static dev.darq.quantizers.Lanes.COUNT;
import static dev.darq.quantizers.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.GE;

import dev.darq.kernels.BinaryLevels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Sweeps over data with a few levels: every threshold is held against every value. */
final class LevelSweep {
    /** With more levels a binary search for each value is faster. */
    static final int MOST_BITS = 4;

    private LevelSweep() {}

    /** {@code quantized = } the level nearest to each value. */
    static void quantize(BinaryLevels levels, float[] data, int from, int length, float[] quantized) {
        float[] values = levels.levels();
        float[] thresholds = levels.thresholds();
        int end = from + length;
        for (int i = from; i < end; i += COUNT) {
            VectorMask<Float> lanes = Lanes.before(end, i);
            FloatVector x = Lanes.load(data, i, lanes);
            FloatVector level = FloatVector.broadcast(FLOATS, values[0]);
            for (int k = 0; k < thresholds.length; k++) {
                level = level.blend(values[k + 1], x.compare(GE, thresholds[k]));
            }
            level.intoArray(quantized, i, lanes);
        }
    }

    /**
     * Collects finite values by their codes. Threshold by threshold, over a range that stays in the cache: how many values
     * reach it, and their sum; what lies between two thresholds is the difference.
     */
    static void collect(BinaryLevels levels, float[] data, int from, int length, CodeStatistics statistics) {
        for (int at = from; at < from + length; at += Statistics.BLOCK) {
            collectBlock(levels, data, at, Math.min(from + length, at + Statistics.BLOCK), statistics);
        }
    }

    private static void collectBlock(BinaryLevels levels, float[] data, int from, int end, CodeStatistics statistics) {
        int[] codes = levels.codes();
        float[] thresholds = levels.thresholds();
        int reaching = end - from;
        double sum = Statistics.sum(data, from, end - from);
        for (int k = 0; k < thresholds.length; k++) {
            float threshold = thresholds[k];
            int above = 0;
            FloatVector sums = FloatVector.zero(FLOATS);
            for (int i = from; i < end; i += COUNT) {
                VectorMask<Float> lanes = Lanes.before(end, i);
                FloatVector x = Lanes.load(data, i, lanes);
                VectorMask<Float> reached = x.compare(GE, threshold, lanes);
                above += reached.trueCount();
                sums = sums.add(x, reached);
            }
            double sumAbove = Lanes.sum(sums);
            statistics.add(codes[k], reaching - above, reaching == above ? 0 : sum - sumAbove);
            reaching = above;
            sum = sumAbove;
        }
        statistics.add(codes[codes.length - 1], reaching, sum);
    }
}
