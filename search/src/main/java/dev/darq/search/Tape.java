package dev.darq.search;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a network: owns every array made in it, and runs backward across the places where Darq's own sweeps stand
 * between two pieces of libtorch's graph.
 *
 * <p>
 * At such a place (a <em>cut</em>) the graph ends in a source and begins again at a leaf. Backward goes from the last cut
 * to the first: the leaf's gradient is handed to the sweep, and what the sweep returns is fed into the source. Closing the
 * tape frees everything, so memory does not grow with the number of steps.
 */
final class Tape implements AutoCloseable {
    /** The backward sweep of a cut: takes the gradient at the leaf, returns the gradient at the source. */
    @FunctionalInterface
    interface Sweep {
        /** Returns {@code null} when the cut has no source. */
        float @Nullable [] backward(float[] gradient);
    }

    private record Cut(@Nullable NDArray source, NDArray leaf, Sweep sweep) {}

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

    /** A constant with a copy of these values. */
    NDArray constant(float[] values, Shape shape) {
        return Constants.copy(manager, values, shape);
    }

    /**
     * A new leaf of the graph.
     *
     * @param source what the values were computed from, if its gradient is wanted
     * @param values the values
     * @param sweep  called in backward with the leaf's gradient
     */
    NDArray cut(@Nullable NDArray source, float[] values, Shape shape, Sweep sweep) {
        NDArray leaf = constant(values, shape);
        if (recording()) {
            leaf.setRequiresGradient(true);
            cuts.add(new Cut(source, leaf, sweep));
        }
        return leaf;
    }

    /** A leaf that holds a parameter and adds to its gradient. */
    NDArray parameter(Parameter parameter, Shape shape) {
        return cut(null, parameter.value(), shape, gradient -> {
            float[] total = parameter.gradient();
            for (int i = 0; i < total.length; i++) {
                total[i] += gradient[i];
            }
            return null;
        });
    }

    /** Runs backward from a scalar loss through all cuts. */
    void backward(NDArray loss) {
        feed(loss, new float[] {1});
        for (int i = cuts.size() - 1; i >= 0; i--) {
            Cut cut = cuts.get(i);
            float[] gradient = new float[Math.toIntExact(cut.leaf.size())];
            try (NDArray leafGradient = cut.leaf.getGradient()) {
                Constants.read(leafGradient, gradient);
            }
            float[] sourceGradient = cut.sweep.backward(gradient);
            if (cut.source != null && sourceGradient != null) {
                feed(cut.source, sourceGradient);
            }
        }
    }

    private void feed(NDArray target, float[] gradient) {
        // The graph is kept: a source may feed several cuts. It goes when the tape closes.
        JniUtils.backward((PtNDArray) target, (PtNDArray) constant(gradient, target.getShape()), true, false);
    }

    @Override
    public void close() {
        if (collector != null) {
            collector.close();
        }
        manager.close();
    }
}
