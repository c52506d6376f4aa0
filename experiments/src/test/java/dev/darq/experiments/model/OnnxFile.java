package dev.darq.experiments.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** ONNX files made for tests: a chain of nodes from x. */
public final class OnnxFile {
    private final GraphProto.Builder graph = GraphProto.newBuilder().addInput(ValueInfoProto.newBuilder().setName("x"));
    private String current = "x";

    /** Adds a constant whose values are raw bytes. */
    public OnnxFile raw(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(TensorProto.newBuilder().setRawData(ByteString.copyFrom(bytes.array())), name, shape);
    }

    /** Adds a constant whose values are a list. */
    public OnnxFile list(String name, float[] values, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder();
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor(tensor, name, shape);
    }

    private OnnxFile tensor(TensorProto.Builder tensor, String name, long... shape) {
        for (long size : shape) {
            tensor.addDims(size);
        }
        graph.addInitializer(tensor.setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber()));
        return this;
    }

    /** Adds a node that takes what the one before gives, then constants. */
    public OnnxFile node(String operator, Map<String, Number> attributes, String... constants) {
        String output = "value" + graph.getNodeCount();
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName("node" + graph.getNodeCount())
                .addInput(current).addAllInput(List.of(constants)).addOutput(output);
        attributes.forEach((name, value) -> {
            AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
            if (value instanceof Float number) {
                attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number);
            } else {
                attribute.setType(AttributeProto.AttributeType.INT).setI(value.longValue());
            }
            node.addAttribute(attribute);
        });
        graph.addNode(node);
        current = output;
        return this;
    }

    /** Writes the file. */
    public Path write(Path file) throws IOException {
        graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName(current));
        Files.write(file, ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray());
        return file;
    }
}
