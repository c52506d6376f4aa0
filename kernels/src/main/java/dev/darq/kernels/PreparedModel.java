package dev.darq.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * The operations of a model, prepared by one provider.
 *
 * @param operations the prepared operations in order
 * @param widest the largest padded width between two operations
 */
record PreparedModel(List<PreparedOperation> operations, int widest) {
    /**
     * Above this many pairs of planes the decoded weights in float32 are faster. Measured at batch 1 with 512-bit vectors:
     * at 784x256 the two meet at 32 pairs (8.0 against 8.5 us), at 1024x1024 near 47 (34 us at 32 pairs against 50).
     */
    private static final int MOST_PLANE_PAIRS = 32;

    PreparedModel {
        operations = List.copyOf(operations);
    }

    static PreparedModel of(PackedModel model, KernelProvider provider) {
        List<PreparedOperation> operations = new ArrayList<>();
        int width = model.inputs();
        int widest = Scratch.paddedRows(width);
        for (Operation operation : model.operations()) {
            PreparedOperation prepared = switch (operation) {
                case Linear linear -> linear(linear, provider);
                case Activation activation -> new PreparedActivation(width, activation.function(), provider);
            };
            operations.add(prepared);
            width = prepared.outputs();
            widest = Math.max(widest, Scratch.paddedRows(width));
        }
        return new PreparedModel(operations, widest);
    }

    private static PreparedOperation linear(Linear linear, KernelProvider provider) {
        return linear.weights() instanceof BinaryCode binary && FoldedProduct.isCoded(linear.input())
                && binary.bits() * linear.input().bits() <= MOST_PLANE_PAIRS
                        ? new PreparedBitLinear(binary, linear, provider)
                        : new PreparedFloatLinear(linear, provider);
    }

    Scratch scratch() {
        Scratch.Needs needs = new Scratch.Needs();
        operations.forEach(operation -> operation.reserve(needs));
        return new Scratch(needs);
    }
}
