package dev.darq.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The operations of a model, prepared by one provider for calls of one size.
 *
 * @param operations the prepared operations in order
 * @param steps the same, each function joined to the linear layer before it: what a run goes through
 * @param batch the samples of a call that the kernels were chosen for
 * @param widest the largest padded width between two operations
 */
record PreparedModel(List<PreparedOperation> operations, List<PreparedOperation> steps, int batch, int widest) {
    PreparedModel {
        operations = List.copyOf(operations);
        steps = List.copyOf(steps);
    }

    /**
     * Prepares a model.
     *
     * @param laidOut the products that were made before, for calls of any size; new ones are added
     */
    static PreparedModel of(PackedModel model, KernelProvider provider, int batch, Map<LaidOut, RowProduct> laidOut) {
        List<PreparedOperation> operations = new ArrayList<>();
        List<PreparedOperation> steps = new ArrayList<>();
        int width = model.inputs();
        int widest = Scratch.paddedRows(width);
        for (Operation operation : model.operations()) {
            switch (operation) {
                case Linear linear -> {
                    Kernel kernel = Kernel.of(linear, batch);
                    RowProduct product = laidOut.computeIfAbsent(new LaidOut(operations.size(), kernel),
                            _ -> provider.product(kernel, linear));
                    PreparedLinear prepared = new PreparedLinear(product, null);
                    operations.add(prepared);
                    steps.add(prepared);
                }
                case Activation activation -> {
                    ElementKernel function = provider.function(activation.function());
                    PreparedActivation prepared = new PreparedActivation(width, function);
                    operations.add(prepared);
                    if (!steps.isEmpty() && steps.getLast() instanceof PreparedLinear linear && !linear.hasFunction()) {
                        steps.set(steps.size() - 1, linear.with(function));
                    } else {
                        steps.add(prepared);
                    }
                }
            }
            width = operations.getLast().outputs();
            widest = Math.max(widest, Scratch.paddedRows(width));
        }
        return new PreparedModel(operations, steps, batch, widest);
    }

    /** A layer and the kernel that its weights are laid out for. */
    record LaidOut(int operation, Kernel kernel) {}

    Scratch scratch() {
        Scratch.Needs needs = new Scratch.Needs();
        int threads = 1;
        for (PreparedOperation operation : operations) {
            operation.reserve(needs, batch);
            // Fewer samples may take longer, since a loaded weight serves none but them.
            for (int samples = 1; samples <= batch; samples++) {
                threads = Math.max(threads, operation.threads(samples));
            }
        }
        return new Scratch(needs, threads);
    }
}
