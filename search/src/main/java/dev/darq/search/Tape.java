package dev.darq.search;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a network: owns every array made in it, and runs backward across the places where Darq's own sweeps stand
 * between two pieces of libtorch's graph.
 *
 * <p>
 * At such a place (a <em>cut</em>) the graph ends in a source and begins again at a leaf. Backward goes from the last cut
 * to the first: the leaf's gradient is handed to the sweep, and what the sweep makes of it is fed into the source. A source
 * feeds one cut only, directly or not, so that libtorch passes through each piece of the graph once; what several paths go
 * on from is itself a cut, a {@link #fork}. Closing the tape frees everything, so memory does not grow with the number of
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

    private record Cut(@Nullable NDArray source, NDArray leaf, @Nullable Sweep sweep) {}

    private final NDManager manager;
    private final @Nullable GradientCollector collector;
    private final List<Cut> cuts = new ArrayList<>();

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
        return record(source, leaf, sweep);
    }

    private NDArray record(@Nullable NDArray source, NDArray leaf, @Nullable Sweep sweep) {
        if (recording()) {
            leaf.setRequiresGradient(true);
            cuts.add(new Cut(source, leaf, sweep));
        }
        return leaf;
    }

    /** A leaf with the values of a source of which several paths go on: their gradients add up in it. */
    NDArray fork(NDArray source) {
        return hasLeaf() ? record(source, source.stopGradient(), null) : source;
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

    /** Runs backward from a scalar loss through all cuts; there is nothing to do where nothing wants a gradient. */
    void backward(NDArray loss) {
        if (!hasLeaf()) {
            return;
        }
        feed(loss, constant(new float[] {1}, loss.getShape()));
        for (int i = cuts.size() - 1; i >= 0; i--) {
            Cut cut = cuts.get(i);
            try (NDArray gradient = cut.leaf.getGradient()) {
                backward(cut, gradient);
            }
        }
    }

    private void backward(Cut cut, NDArray gradient) {
        if (cut.sweep == null) {
            feed(cut.source, gradient);
            return;
        }
        if (cut.source == null) {
            cut.sweep.backward(Constants.memory(gradient), MemorySegment.NULL);
            return;
        }
        try (NDArray sourceGradient = unwritten(cut.source.getShape())) {
            cut.sweep.backward(Constants.memory(gradient), Constants.memory(sourceGradient));
            feed(cut.source, sourceGradient);
        }
    }

    private static void feed(@Nullable NDArray target, NDArray gradient) {
        JniUtils.backward((PtNDArray) target, (PtNDArray) gradient, false, false);
    }

    @Override
    public void close() {
        if (collector != null) {
            collector.close();
        }
        manager.close();
    }
}
