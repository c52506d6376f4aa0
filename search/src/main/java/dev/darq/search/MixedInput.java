package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Quantizer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Predicate;

/** The input of a linear layer, or of several that read the same, as a mixture of its candidates. */
final class MixedInput {
    private static final float[] UNREAD = new float[0];

    private final MixedTensor tensor;
    private final Scratch scratch;

    MixedInput(MixedTensor tensor, Scratch scratch) {
        this.tensor = tensor;
        this.scratch = scratch;
    }

    /** The same input with one quantizer. */
    MixedInput discrete(String name, Quantizer quantizer) {
        return new MixedInput(new MixedTensor(name, List.of(quantizer)), scratch);
    }

    MixedTensor tensor() {
        return tensor;
    }

    /** Sets quantizers from calibration inputs {@code [rows, inputs]}. */
    void calibrate(NDArray x, Predicate<Quantizer> which) {
        tensor.initialize(read(x), rows(x), columns(x), which);
    }

    /**
     * Quantizes the input.
     *
     * @param x     {@code [rows, inputs]}
     * @param below whether x wants a gradient
     * @return the mixture, of the same shape
     */
    NDArray quantize(Tape tape, NDArray x, Pass pass, boolean below) {
        if (tensor.isExact(pass)) {
            return x;
        }
        int rows = rows(x);
        int columns = columns(x);
        NDArray mixed = tape.unwritten(new Shape(rows, columns));
        Observers observers = tensor.observers(pass);
        observers.observe(observers.follow() ? read(x) : UNREAD, rows, columns);
        tensor.forward(Constants.memory(x), rows, columns, pass, Constants.memory(mixed));
        if (!below && !tensor.learns(pass)) {
            return mixed;
        }
        return tape.cut(below ? x : null, mixed, (gradient, source) -> {
            MemorySegment values = Constants.memory(x);
            if (below || pass.gradients().ofWeights()) {
                tensor.backward(values, rows, columns, pass, gradient, source, false);
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

    private float[] read(NDArray x) {
        int length = Math.toIntExact(x.size());
        float[] values = scratch.of(length);
        MemorySegment from = Constants.memory(x);
        Parts.run(length, part -> {
            int start = Parts.from(part, length);
            MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, (long) start * Float.BYTES, values, start,
                    Parts.to(part, length) - start);
        });
        return values;
    }
}
