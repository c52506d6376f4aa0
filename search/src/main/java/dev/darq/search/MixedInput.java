package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Quantizer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Predicate;

/** The input of a linear layer, or of several that read the same, as a mixture of its candidates. */
final class MixedInput {
    private final MixedTensor tensor;
    /** The values of the present step: backward needs them again. */
    private float[] values = new float[0];

    MixedInput(MixedTensor tensor) {
        this.tensor = tensor;
    }

    MixedTensor tensor() {
        return tensor;
    }

    /** Sets quantizers from calibration inputs {@code [rows, inputs]}. */
    void calibrate(NDArray x, Predicate<Quantizer> which) {
        read(x);
        tensor.initialize(values, rows(x), columns(x), which);
    }

    /**
     * Quantizes the input.
     *
     * @param x {@code [rows, inputs]}
     * @return the mixture, of the same shape; its gradient comes back to x if x has one
     */
    NDArray quantize(Tape tape, NDArray x, Pass pass) {
        if (tensor.isExact(pass)) {
            return x;
        }
        read(x);
        int rows = rows(x);
        int columns = columns(x);
        NDArray mixed = tape.unwritten(new Shape(rows, columns));
        tensor.forward(values, rows, columns, pass, Constants.memory(mixed));
        boolean below = tape.recording() && x.hasGradient();
        if (!below && !tensor.learns(pass)) {
            return mixed;
        }
        return tape.cut(below ? x : null, mixed, (gradient, source) -> {
            if (below || pass.gradients().ofWeights()) {
                tensor.backward(values, rows, columns, pass, gradient, source);
            } else {
                tensor.mixtureBackward(values, rows, columns, pass, gradient);
            }
        });
    }

    private static int rows(NDArray x) {
        return Math.toIntExact(x.getShape().get(0));
    }

    private static int columns(NDArray x) {
        return Math.toIntExact(x.getShape().get(1));
    }

    private void read(NDArray x) {
        int length = Math.toIntExact(x.size());
        if (values.length < length) {
            values = new float[length];
        }
        MemorySegment from = Constants.memory(x);
        TwoLanes.run(length, lane -> {
            int start = TwoLanes.from(lane, length);
            MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, (long) start * Float.BYTES, values, start,
                    TwoLanes.to(lane, length) - start);
        });
    }
}
