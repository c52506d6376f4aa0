package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Role;
import dev.darq.quantizers.Statistics;
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

    private final Mlp network;
    private final Batch batch;

    HessianTrace(Mlp network, Batch batch) {
        this.network = network;
        this.batch = batch;
    }

    /** What is moved, and what a pass finds there. */
    private final class Probe {
        final int layer;
        final Role role;
        final float[] gradient;
        final float[] value;

        Probe(int layer, Role role) {
            this.layer = layer;
            this.role = role;
            MixedLinear linear = network.layers().get(layer);
            int size = role == Role.WEIGHTS ? linear.weight().value().length : batch.size() * linear.inputs();
            gradient = new float[size];
            value = new float[size];
        }

        boolean isAt(int otherLayer, Role otherRole) {
            return layer == otherLayer && role == otherRole;
        }
    }

    /** The inputs that a layer sees in float32, row-major {@code [batch, inputs]}. */
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
            NDArray value = tape.constant(batch.features(), new Shape(batch.size(), batch.width()));
            for (int l = 0; l < network.layers().size(); l++) {
                MixedLinear layer = network.layers().get(l);
                NDArray below = l == 0 ? value : network.activate(value);
                float[] input = new float[batch.size() * layer.inputs()];
                Constants.read(below, input);
                NDArray x = cut(tape, probe.isAt(l, Role.ACTIVATIONS), probe, l == 0 ? null : below, input, moved,
                        new Shape(batch.size(), layer.inputs()));
                NDArray w = cut(tape, probe.isAt(l, Role.WEIGHTS), probe, null, layer.weight().value(), moved,
                        new Shape(layer.outputs(), layer.inputs()));
                value = x.matMul(w.transpose())
                        .add(tape.constant(layer.bias().value(), new Shape(layer.outputs())));
            }
            NDArray loss = CrossEntropy.loss(tape, value, batch.labels());
            FiniteCheck.loss("Hessian trace", "loss", 1, loss.getFloat());
            tape.backward(loss);
        }
    }

    private static NDArray cut(Tape tape, boolean probed, Probe probe,
            @Nullable NDArray source, float[] values, float[] moved, Shape shape) {
        if (!probed) {
            return tape.cut(source, values, shape, gradient -> source == null ? null : gradient);
        }
        float[] sum = new float[values.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = values[i] + moved[i];
        }
        System.arraycopy(sum, 0, probe.value, 0, sum.length);
        return tape.cut(source, sum, shape, gradient -> {
            System.arraycopy(gradient, 0, probe.gradient, 0, gradient.length);
            return source == null ? null : gradient;
        });
    }
}
