package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.Role;
import dev.darq.quantizers.Statistics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Average traces of the Hessian of the float32 network's loss, by the weights or by the input activations of one layer
 * (HAWQ-V2, Dong et al. 2020, section 3.1 and 3.4): Hutchinson's estimate {@code mean of v^T H v} over Rademacher vectors
 * v, with {@code H v} the central difference of two gradients.
 *
 * <p>
 * One tensor alone is moved by {@code v}, which estimates its own block of the Hessian without the noise of the others.
 */
final class HessianTrace {
    /** Of the root mean square of the tensor: small beside it, large beside the gradients' rounding. */
    private static final double STEP = 0.01;

    private final Network network;
    private final Batch batch;

    HessianTrace(Network network, Batch batch) {
        this.network = network;
        this.batch = batch;
    }

    /** What is moved, and what a pass finds there. */
    private final class Probe {
        final MixedLinear layer;
        final Role role;
        final float[] gradient;
        final float[] value;

        Probe(int index, Role role) {
            layer = network.layers().get(index);
            this.role = role;
            long size = role == Role.WEIGHTS
                    ? layer.weight().value().length
                    : batch.size() * network.shapes().get(index).inputValues();
            gradient = new float[Math.toIntExact(size)];
            value = new float[gradient.length];
        }
    }

    /** The inputs that a layer sees in float32, row-major {@code [rows, inputs]}. */
    float[] inputs(int layer) {
        Probe probe = new Probe(layer, Role.ACTIVATIONS);
        run(probe, new float[probe.value.length]);
        return probe.value;
    }

    /**
     * The trace divided by the number of values.
     *
     * @param probes number of Rademacher vectors
     */
    double average(int layer, Role role, int probes, SplittableRandom random) {
        Probe probe = new Probe(layer, role);
        int size = probe.value.length;
        float[] zero = new float[size];
        run(probe, zero);
        double norm = Math.sqrt(Statistics.dot(probe.value, probe.value, 0, size) / size);
        float step = (float) (STEP * (norm > 0 ? norm : 1));
        double total = 0;
        float[] moved = new float[size];
        for (int k = 0; k < probes; k++) {
            for (int i = 0; i < size; i++) {
                moved[i] = random.nextBoolean() ? step : -step;
            }
            run(probe, moved);
            double above = Statistics.dot(moved, probe.gradient, 0, size);
            negate(moved);
            run(probe, moved);
            // With moved = -step v the second product has the other sign already.
            double below = Statistics.dot(moved, probe.gradient, 0, size);
            total += (above + below) / (2.0 * step * step);
        }
        return total / probes / size;
    }

    private static void negate(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = -values[i];
        }
    }

    /** Runs the network in float32 with {@code moved} added to the probed tensor, and takes the gradient there. */
    private void run(Probe probe, float[] moved) {
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, true)) {
            NDArray x = tape.constant(batch.features(), new Shape(batch.size(), batch.width()));
            NDArray loss = CrossEntropy.loss(tape, network.run(tape, x, new Probed(tape, probe, moved)),
                    batch.labels());
            FiniteCheck.loss("Hessian trace", "loss", 1, loss.getFloat());
            tape.backward(loss);
        }
    }

    /** Layers in float32, one of which has a tensor that is moved. */
    private record Probed(Tape tape, Probe probe, float[] moved) implements Linears {
        @Override
        public List<NDArray> apply(List<MixedLinear> layers, NDArray x) {
            NDArray source = tape.hasLeaf() ? fork(x) : null;
            return layers.stream().map(layer -> product(layer, source == null ? x : source, source)).toList();
        }

        private NDArray product(MixedLinear layer, NDArray x, @Nullable NDArray source) {
            boolean isProbed = layer == probe.layer;
            NDArray input = isProbed && probe.role == Role.ACTIVATIONS ? moved(x, source) : x;
            NDArray weights = tape.constant(layer.weight().value(), new Shape(layer.outputs(), layer.inputs()));
            return input.matMul((isProbed && probe.role == Role.WEIGHTS ? moved(weights, null) : weights).transpose())
                    .add(tape.constant(layer.bias().value(), new Shape(layer.outputs())));
        }

        private NDArray moved(NDArray array, @Nullable NDArray source) {
            Constants.read(array, probe.value);
            float[] sum = new float[moved.length];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = probe.value[i] + moved[i];
            }
            System.arraycopy(sum, 0, probe.value, 0, sum.length);
            return tape.cut(source, tape.constant(sum, array.getShape()), (gradient, below) -> {
                MemorySegment.copy(gradient, ValueLayout.JAVA_FLOAT, 0, probe.gradient, 0, probe.gradient.length);
                if (source != null) {
                    below.copyFrom(gradient);
                }
            });
        }

        @Override
        public NDArray fork(NDArray x) {
            return tape.fork(x);
        }

        @Override
        public NDArray parameter(Parameter parameter, Shape shape) {
            return tape.constant(parameter.value(), shape);
        }
    }
}
