package dev.darq.search;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a network: owns every array made in it, and runs backward across the places where Darq's own sweeps stand
 * between two pieces of libtorch's graph.
 *
 * <p>
 * At such a place (a <em>cut</em>) the graph ends in a source and begins again at a leaf. Backward goes from the last cut
 * to the first: the leaf's gradient is handed to the sweep, and what the sweep makes of it is fed into the source. A source
 * that is no leaf feeds one cut only, so that libtorch passes through each piece of the graph once; what several paths go
 * on from is itself a cut, a {@link #fork}. Linear layers are cuts too, since libtorch would take the two products of
 * their backward pass one after the other. Closing the tape frees everything, so memory does not grow with the number of
 * steps.
 */
final class Tape implements AutoCloseable {
    /** The backward sweep of a cut. */
    @FunctionalInterface
    interface Sweep {
        /**
         * Runs backward.
         *
         * @param gradient the gradient at the leaf, libtorch's own memory
         * @param source   where the gradient at the source is written to, of the same size; empty if there is none
         */
        void backward(MemorySegment gradient, MemorySegment source);
    }

    /** What a cut does with the gradient at its leaf, which is its own to close. */
    @FunctionalInterface
    private interface Backward {
        void run(NDArray gradient);
    }

    /** A leaf, and what sweeps and products have handed to it so far. */
    private static final class Cut {
        private final NDArray leaf;
        private final Backward backward;
        private @Nullable NDArray handed;

        Cut(NDArray leaf, Backward backward) {
            this.leaf = leaf;
            this.backward = backward;
        }

        void hand(NDArray gradient) {
            if (handed == null) {
                handed = gradient;
            } else {
                handed.addi(gradient);
                gradient.close();
            }
        }

        void run() {
            NDArray ofGraph = JniUtils.getGradient((PtNDArray) leaf);
            if (ofGraph != null) {
                hand(ofGraph);
            }
            backward.run(handed == null ? leaf.zerosLike() : handed);
        }
    }

    private final NDManager manager;
    private final @Nullable GradientCollector collector;
    private final List<Cut> cuts = new ArrayList<>();
    private final Map<NDArray, Cut> leaves = new IdentityHashMap<>();

    Tape(NDManager parent, boolean recording) {
        manager = parent.newSubManager();
        collector = recording ? Engine.getInstance().newGradientCollector() : null;
    }

    boolean recording() {
        return collector != null;
    }

    /**
     * Whether a leaf was made. Networks run layer after layer, so that what is computed from now on depends on it. (DJL
     * cannot be asked of an array: its {@code hasGradient} is true of leaves alone.)
     */
    boolean hasLeaf() {
        return !cuts.isEmpty();
    }

    /** A constant with a copy of these values. */
    NDArray constant(float[] values, Shape shape) {
        return Constants.copy(manager, values, shape);
    }

    /** A constant whose values are yet to be written. */
    NDArray unwritten(Shape shape) {
        return manager.create(shape, DataType.FLOAT32);
    }

    /**
     * Makes an array a leaf of the graph.
     *
     * @param source what the values were computed from, if its gradient is wanted
     * @param leaf   a constant with the values
     * @param sweep  called in backward with the leaf's gradient
     */
    NDArray cut(@Nullable NDArray source, NDArray leaf, Sweep sweep) {
        return cut(leaf, gradient -> {
            try (gradient) {
                if (source == null) {
                    sweep.backward(Constants.memory(gradient), MemorySegment.NULL);
                    return;
                }
                NDArray sourceGradient = unwritten(source.getShape());
                sweep.backward(Constants.memory(gradient), Constants.memory(sourceGradient));
                feed(source, sourceGradient);
            }
        });
    }

    private NDArray cut(NDArray leaf, Backward backward) {
        if (recording()) {
            leaf.setRequiresGradient(true);
            Cut cut = new Cut(leaf, backward);
            cuts.add(cut);
            leaves.put(leaf, cut);
        }
        return leaf;
    }

    /** A leaf with the values of a source of which several paths go on: their gradients add up in it. */
    NDArray fork(NDArray source) {
        return hasLeaf() ? cut(source.stopGradient(), gradient -> feed(source, gradient)) : source;
    }

    /** A leaf that holds a parameter and adds to its gradient. */
    NDArray parameter(Parameter parameter, Shape shape) {
        return cut(null, constant(parameter.value(), shape), (gradient, source) -> {
            float[] total = parameter.gradient();
            float[] added = gradient.toArray(ValueLayout.JAVA_FLOAT);
            for (int i = 0; i < total.length; i++) {
                total[i] += added[i];
            }
        });
    }

    /**
     * A linear layer {@code y = x w^T + b}.
     *
     * @param x      inputs {@code [rows, inputs]}
     * @param below  whether x was computed from a leaf
     * @param weight constant or leaf {@code [outputs, inputs]}
     * @param bias   constant or leaf {@code [outputs]}
     * @return {@code [rows, outputs]}
     */
    NDArray linear(NDArray x, boolean below, NDArray weight, NDArray bias) {
        NDArray inputs = x.stopGradient();
        NDArray weights = weight.stopGradient();
        NDArray outputs = Linear.linear(inputs, weights, bias.stopGradient()).singletonOrThrow();
        boolean ofInput = below || leaves.containsKey(x);
        boolean ofWeight = leaves.containsKey(weight);
        boolean ofBias = leaves.containsKey(bias);
        if (!ofInput && !ofWeight && !ofBias) {
            return outputs;
        }
        return cut(outputs, gradient -> {
            try (gradient) {
                NDArray[] products = new NDArray[2];
                long work = ofInput && ofWeight ? inputs.size() * outputs.getShape().get(1) : 0;
                Parts.both(work, () -> products[0] = ofInput ? gradient.matMul(weights) : null,
                        () -> products[1] = ofWeight ? gradient.transpose().matMul(inputs) : null);
                if (ofInput) {
                    feed(x, products[0]);
                }
                if (ofWeight) {
                    feed(weight, products[1]);
                }
                if (ofBias) {
                    feed(bias, gradient.sum(new int[] {0}));
                }
            }
        });
    }

    /** Runs backward from a scalar loss through all cuts; there is nothing to do where nothing wants a gradient. */
    void backward(NDArray loss) {
        if (!hasLeaf()) {
            return;
        }
        feed(loss, constant(new float[] {1}, loss.getShape()));
        for (int i = cuts.size() - 1; i >= 0; i--) {
            cuts.get(i).run();
        }
    }

    /** Hands a gradient to a leaf, or lets libtorch take it through a piece of its graph. */
    private void feed(NDArray target, NDArray gradient) {
        Cut cut = leaves.get(target);
        if (cut != null) {
            cut.hand(gradient);
            return;
        }
        try (gradient) {
            JniUtils.backward((PtNDArray) target, (PtNDArray) gradient, false, false);
        }
    }

    @Override
    public void close() {
        if (collector != null) {
            collector.close();
        }
        manager.close();
    }
}
