package dev.darq.benchmarks;

import dev.darq.benchmarks.Arithmetic.BlockedInt8;
import dev.darq.benchmarks.Arithmetic.DynamicInt8;
import dev.darq.benchmarks.Arithmetic.Unrounded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network as the models that users give to ONNX Runtime. */
final class OnnxModels {
    static final String INPUT = "x";
    static final String OUTPUT = "y";
    private static final long FLOAT = 1;
    /** With this level MatMulNBits rounds its inputs to int8; at the default, 0, it is about 100 times slower. */
    private static final long INT8_INPUTS = 4;

    private OnnxModels() {}

    /**
     * A model and what it computes.
     *
     * @param bytes the ONNX file
     * @param arithmetic what it computes
     * @param weightBytes the bytes of weights and scales
     */
    record Model(byte[] bytes, Arithmetic arithmetic, long weightBytes) {}

    /** Float32: Gemm, as PyTorch exports a linear layer. */
    static Model floats(Workload workload) {
        OnnxGraph graph = new OnnxGraph();
        List<float[]> weights = new ArrayList<>();
        long bytes = 0;
        String x = INPUT;
        for (int i = 0; i < layers(workload); i++) {
            Network.Layer layer = workload.network().layers().get(i);
            x = between(graph, i, x);
            String y = result(workload, i);
            graph.floats("w" + i, layer.weights(), layer.outputs(), layer.inputs());
            graph.floats("bias" + i, layer.bias(), layer.outputs());
            graph.node("Gemm", List.of(x, "w" + i, "bias" + i), List.of(y), Map.of("transB", 1L));
            x = y;
            weights.add(layer.weights());
            bytes += (long) Float.BYTES * layer.weights().length;
        }
        return new Model(graph.model(INPUT, OUTPUT, workload), new Arithmetic(weights, new Unrounded()), bytes);
    }

    /** Dynamic int8, the graph that {@code onnxruntime.quantization.quantize_dynamic} writes: int8 weights per tensor. */
    static Model dynamicInt8(Workload workload) {
        OnnxGraph graph = new OnnxGraph().signedBytes("zero", new byte[1]);
        List<float[]> weights = new ArrayList<>();
        long bytes = 0;
        String x = INPUT;
        for (int i = 0; i < layers(workload); i++) {
            Network.Layer layer = workload.network().layers().get(i);
            x = between(graph, i, x);
            float scale = Magnitudes.largest(layer.weights(), 0, layer.weights().length) / Byte.MAX_VALUE;
            weights.add(int8(graph, i, layer, scale));
            boolean biased = layers(workload) > 1;
            String y = result(workload, i);
            String product = biased ? "product" + i : y;
            graph.node("DynamicQuantizeLinear", List.of(x), List.of("q" + i, "step" + i, "zero" + i), Map.of());
            graph.node("MatMulInteger", List.of("q" + i, "w" + i, "zero" + i, "zero"), List.of("sum" + i), Map.of());
            graph.node("Cast", List.of("sum" + i), List.of("float" + i), Map.of("to", FLOAT));
            graph.node("Mul", List.of("step" + i, "scale" + i), List.of("unit" + i), Map.of());
            graph.node("Mul", List.of("float" + i, "unit" + i), List.of(product), Map.of());
            if (biased) {
                graph.floats("bias" + i, layer.bias(), layer.outputs());
                graph.node("Add", List.of(product, "bias" + i), List.of(y), Map.of());
            }
            x = y;
            bytes += layer.weights().length;
        }
        return new Model(graph.model(INPUT, OUTPUT, workload), new Arithmetic(weights, new DynamicInt8()), bytes);
    }

    /** Adds the int8 weights of a layer, {@code [inputs, outputs]}; returns what they stand for, row-major. */
    private static float[] int8(OnnxGraph graph, int i, Network.Layer layer, float scale) {
        byte[] codes = new byte[layer.weights().length];
        float[] values = new float[codes.length];
        for (int row = 0; row < layer.outputs(); row++) {
            for (int column = 0; column < layer.inputs(); column++) {
                int at = row * layer.inputs() + column;
                byte code = (byte) Math.round(layer.weights()[at] / scale);
                codes[column * layer.outputs() + row] = code;
                values[at] = code * scale;
            }
        }
        graph.signedBytes("w" + i, codes, layer.inputs(), layer.outputs()).floats("scale" + i, new float[] {scale});
        return values;
    }

    /** Weights of a few bits with a scale a block: MatMulNBits. For networks of one layer. */
    static Model blocks(Workload workload, int bits, int block) {
        BlockCode code = BlockCode.of(workload.network().layers().getFirst(), bits, block);
        int perByte = Byte.SIZE / bits;
        byte[] packed = new byte[code.codes().length / perByte];
        for (int i = 0; i < code.codes().length; i++) {
            packed[i / perByte] |= (byte) (code.codes()[i] << bits * (i % perByte));
        }
        OnnxGraph graph = new OnnxGraph();
        graph.unsignedBytes("w", packed, code.rows(), code.columns() / block, block / perByte);
        graph.floats("scales", code.scales(), code.scales().length);
        graph.node(OnnxGraph.MICROSOFT, "MatMulNBits", List.of(INPUT, "w", "scales"), List.of(OUTPUT),
                Map.of("K", (long) code.columns(), "N", (long) code.rows(), "bits", (long) bits, "block_size",
                        (long) block, "accuracy_level", INT8_INPUTS));
        return new Model(graph.model(INPUT, OUTPUT, workload),
                new Arithmetic(List.of(code.decode()), new BlockedInt8(block, 1)), code.bytes());
    }

    private static int layers(Workload workload) {
        return workload.network().layers().size();
    }

    private static String result(Workload workload, int layer) {
        return layer == layers(workload) - 1 ? OUTPUT : "layer" + layer;
    }

    private static String between(OnnxGraph graph, int layer, String x) {
        if (layer == 0) {
            return x;
        }
        graph.node("Tanh", List.of(x), List.of("tanh" + layer), Map.of());
        return "tanh" + layer;
    }
}
