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
                ? new PreparedBitLinear(binary, linear, provider)
                : new PreparedFloatLinear(linear, provider);
    }

    Scratch scratch() {
        Scratch.Needs needs = new Scratch.Needs();
        operations.forEach(operation -> operation.reserve(needs));
        return new Scratch(needs);
    }
}
