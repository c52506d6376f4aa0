package dev.darq.benchmarks;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Writes a model of ONNX Runtime in memory: nodes in order, each giving one or more named values. */
final class OnnxGraph {
    /** The domain of ONNX Runtime's own operators. */
    static final String MICROSOFT = "com.microsoft";
    private static final int IR_VERSION = 8;
    private static final int OPERATORS = 17;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("benchmark");

    /** Adds a constant of float32. */
    OnnxGraph floats(String name, float[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(name, TensorProto.DataType.FLOAT, raw.array(), shape);
    }

    /** Adds a constant of signed bytes. */
    OnnxGraph signedBytes(String name, byte[] values, long... shape) {
        return constant(name, TensorProto.DataType.INT8, values, shape);
    }

    /** Adds a constant of unsigned bytes. */
    OnnxGraph unsignedBytes(String name, byte[] values, long... shape) {
        return constant(name, TensorProto.DataType.UINT8, values, shape);
    }

    private OnnxGraph constant(String name, TensorProto.DataType type, byte[] raw, long... shape) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(raw);
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber())
                .setRawData(bytes);
        for (long size : shape) {
            tensor.addDims(size);
        }
        graph.addInitializer(tensor);
        return this;
    }

    /** Adds an operation of ONNX itself. */
    OnnxGraph node(String operator, List<String> inputs, List<String> outputs, Map<String, Long> attributes) {
        return node("", operator, inputs, outputs, attributes);
    }

    /** Adds an operation of a domain. */
    OnnxGraph node(String domain, String operator, List<String> inputs, List<String> outputs,
            Map<String, Long> attributes) {
        NodeProto.Builder node = NodeProto.newBuilder().setDomain(domain).setOpType(operator)
                .setName(operator + graph.getNodeCount()).addAllInput(inputs).addAllOutput(outputs);
        attributes.forEach((name, value) -> node.addAttribute(AttributeProto.newBuilder().setName(name)
                .setType(AttributeProto.AttributeType.INT).setI(value)));
        graph.addNode(node);
        return this;
    }

    /**
     * The model in bytes.
     *
     * @param input the name of the input {@code [batch, inputs]}
     * @param output the name of the output {@code [batch, outputs]}
     */
    byte[] model(String input, String output, Workload workload) {
        graph.addInput(matrix(input, workload.batch(), workload.network().inputs()));
        graph.addOutput(matrix(output, workload.batch(), workload.network().outputs()));
        return ModelProto.newBuilder().setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATORS))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1)).setGraph(graph)
                .build().toByteArray();
    }

    private static ValueInfoProto matrix(String name, int rows, int columns) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(rows))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns)).build();
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber())
                .setShape(shape).build();
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(type)).build();
    }
}
