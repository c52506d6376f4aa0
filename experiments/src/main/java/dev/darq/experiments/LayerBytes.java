package dev.darq.experiments;

import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.WeightCode;

/** What a linear layer needs on disk. */
public final class LayerBytes {
    private LayerBytes() {}

    /** Weights, what scales them, and bias. */
    public static long of(Linear linear) {
        return of(linear.weights()) + Float.BYTES * (long) linear.bias().length;
    }

    private static long of(WeightCode weights) {
        return switch (weights) {
            case BinaryCode code -> (long) code.rows() * code.bits() * ((code.columns() + 7) / 8)
                    + Float.BYTES * (long) (code.basis().length + code.offset().length);
            case IntegerWeights integers -> Short.BYTES * (long) integers.codes().length
                    + Float.BYTES * (long) integers.scale().length;
            case FloatWeights floats -> (long) floats.values().length * floats.bits() / Byte.SIZE;
            case GroupedWeights grouped -> of(grouped.groups());
        };
    }
}
