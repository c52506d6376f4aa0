package dev.darq.benchmarks;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.BinaryLevels;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.UniformActivation;
import dev.darq.kernels.WeightCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How Darq codes a network.
 *
 * @param weights the scheme of the weights
 * @param activations the scheme of the activations
 */
record Codes(Scheme weights, Scheme activations) {
    /** Learned levels are not evenly spaced: each basis vector is so many times the one before. */
    private static final double BASIS_RATIO = 1.85;
    /** Inputs of the first layer lie within this range, but for a few. */
    private static final double INPUT_RANGE = 2.5;

    /**
     * A scheme at a bit width.
     *
     * @param kind what kind
     * @param bits 1..8, 32 for floats
     */
    record Scheme(Kind kind, int bits) {
        static final Scheme FLOAT = new Scheme(Kind.FLOAT, 32);
    }

    /** Which levels there are. */
    enum Kind {
        /** Sums over a learned basis (LQ-Nets). */
        LQ,
        /** Evenly spaced. */
        UNIFORM,
        /** All numbers. */
        FLOAT
    }

    static Codes lq(int bits) {
        return new Codes(new Scheme(Kind.LQ, bits), new Scheme(Kind.LQ, bits));
    }

    static Codes uniform(int bits) {
        return new Codes(new Scheme(Kind.UNIFORM, bits), new Scheme(Kind.UNIFORM, bits));
    }

    static Codes lqByUniform(int weightBits, int activationBits) {
        return new Codes(new Scheme(Kind.LQ, weightBits), new Scheme(Kind.UNIFORM, activationBits));
    }

    static Codes floats() {
        return new Codes(Scheme.FLOAT, Scheme.FLOAT);
    }

    /** Pairs of weight and activation planes; 0 for floats. */
    int planePairs() {
        return weights.kind == Kind.FLOAT ? 0 : weights.bits * activations.bits;
    }

    /** Codes and packs a network. */
    PackedModel pack(Network network) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < network.layers().size(); i++) {
            Network.Layer layer = network.layers().get(i);
            if (i > 0) {
                operations.add(new dev.darq.kernels.Activation("tanh" + i, ActivationFunction.TANH));
            }
            operations.add(new Linear("linear" + (i + 1), weightCode(layer), activationCode(i), layer.bias()));
        }
        return new PackedModel(operations, Map.of());
    }

    private ActivationCode activationCode(int layer) {
        double range = layer == 0 ? INPUT_RANGE : 1;
        return switch (activations.kind) {
            case LQ -> new LevelActivation(basis(activations.bits, range), 0);
            case UNIFORM -> {
                int highest = (1 << activations.bits - 1) - 1;
                yield new UniformActivation(activations.bits, (float) (range / highest), 0, -highest, highest);
            }
            case FLOAT -> new FloatActivation(32);
        };
    }

    private WeightCode weightCode(Network.Layer layer) {
        return switch (weights.kind) {
            case LQ -> lqWeights(layer, weights.bits);
            case UNIFORM -> uniformWeights(layer, weights.bits);
            case FLOAT -> new FloatWeights(layer.outputs(), layer.inputs(), 32, layer.weights());
        };
    }

    /** A basis whose highest level is {@code range}, for one bit a mean magnitude. */
    private static float[] basis(int bits, double range) {
        double[] growing = new double[bits];
        double sum = 0;
        for (int i = 0; i < bits; i++) {
            growing[i] = Math.pow(BASIS_RATIO, i);
            sum += growing[i];
        }
        float[] basis = new float[bits];
        for (int i = 0; i < bits; i++) {
            basis[i] = (float) (growing[i] / sum * (bits == 1 ? range / 3 : range));
        }
        return basis;
    }

    private static BinaryCode lqWeights(Network.Layer layer, int bits) {
        byte[] codes = new byte[layer.weights().length];
        float[] bases = new float[layer.outputs() * bits];
        IntStream.range(0, layer.outputs()).parallel().forEach(row -> {
            // Rows differ, as learned rows do.
            double range = (INPUT_RANGE + 0.5 * row / layer.outputs()) / Math.sqrt(layer.inputs());
            float[] basis = basis(bits, range);
            System.arraycopy(basis, 0, bases, row * bits, bits);
            BinaryLevels levels = new BinaryLevels(basis, 0);
            for (int i = row * layer.inputs(); i < (row + 1) * layer.inputs(); i++) {
                codes[i] = (byte) levels.codes()[levels.encode(layer.weights()[i])];
            }
        });
        return BinaryCode.fromCodes(layer.outputs(), layer.inputs(), bits, bases, new float[layer.outputs()], codes);
    }

    /** Symmetric: {@code s (q - 2^(K-1))} with s from the row's largest magnitude. */
    private static BinaryCode uniformWeights(Network.Layer layer, int bits) {
        int highest = (1 << bits - 1) - 1;
        byte[] codes = new byte[layer.weights().length];
        float[] bases = new float[layer.outputs() * bits];
        float[] offsets = new float[layer.outputs()];
        for (int row = 0; row < layer.outputs(); row++) {
            int from = row * layer.inputs();
            float scale = Magnitudes.largest(layer.weights(), from, from + layer.inputs()) / highest;
            for (int i = 0; i < bits; i++) {
                bases[row * bits + i] = scale * (1 << i) / 2;
            }
            offsets[row] = -scale / 2;
            for (int i = from; i < from + layer.inputs(); i++) {
                codes[i] = (byte) (Math.round(layer.weights()[i] / scale) + highest + 1);
            }
        }
        return BinaryCode.fromCodes(layer.outputs(), layer.inputs(), bits, bases, offsets, codes);
    }
}
