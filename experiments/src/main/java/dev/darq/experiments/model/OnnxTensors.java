package dev.darq.experiments.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The constant tensors of an ONNX graph: its initializers, and the values of its Constant nodes. */
final class OnnxTensors {
    private final Path file;
    private final Map<String, TensorProto> tensors = new HashMap<>();

    private OnnxTensors(Path file) {
        this.file = file;
    }

    /**
     * A matrix.
     *
     * @param rows    its rows
     * @param columns its columns
     * @param values  row-major {@code [rows, columns]}
     */
    record Matrix(int rows, int columns, float[] values) {
        Matrix transposed() {
            float[] transposed = new float[values.length];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    transposed[column * rows + row] = values[row * columns + column];
                }
            }
            return new Matrix(columns, rows, transposed);
        }

        Matrix times(float factor) {
            float[] product = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                product[i] = factor * values[i];
            }
            return new Matrix(rows, columns, product);
        }
    }

    static OnnxTensors of(Path file, GraphProto graph) {
        OnnxTensors constants = new OnnxTensors(file);
        graph.getInitializerList().forEach(tensor -> constants.tensors.put(tensor.getName(), tensor));
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Constant")) {
                node.getAttributeList().stream().filter(AttributeProto::hasT)
                        .forEach(attribute -> constants.tensors.put(node.getOutput(0), attribute.getT()));
            }
        }
        return constants;
    }

    boolean holds(String name) {
        return tensors.containsKey(name);
    }

    /** The matrix that a node takes. */
    Matrix matrix(NodeProto node, String name) {
        TensorProto tensor = tensor(node, name);
        List<Long> shape = tensor.getDimsList();
        float[] values = floats(node, tensor);
        if (shape.size() != 2) {
            throw wrong(node, name, "shape " + shape, "a matrix");
        }
        return new Matrix(Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)), values);
    }

    /** The vector of so many values that a node takes, a new array; a single value stands for all. */
    float[] vector(NodeProto node, String name, int length) {
        TensorProto tensor = tensor(node, name);
        float[] values = floats(node, tensor);
        long last = tensor.getDimsCount() == 0 ? 1 : tensor.getDims(tensor.getDimsCount() - 1);
        if (values.length == 1) {
            float[] all = new float[length];
            java.util.Arrays.fill(all, values[0]);
            return all;
        }
        if (values.length != length || last != length) {
            throw wrong(node, name, "shape " + tensor.getDimsList(), "a vector of " + length);
        }
        return values;
    }

    private TensorProto tensor(NodeProto node, String name) {
        TensorProto tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException(file + ": node " + OnnxImport.describe(node) + " takes '" + name
                    + "', expected a constant of the model");
        }
        return tensor;
    }

    private float[] floats(NodeProto node, TensorProto tensor) {
        if (tensor.getDataType() != TensorProto.DataType.FLOAT.getNumber()) {
            TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
            throw wrong(node, tensor.getName(), "type " + (type == null ? tensor.getDataType() : type), "FLOAT");
        }
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            throw wrong(node, tensor.getName(), "its values in another file", "them in this one");
        }
        long size = 1;
        for (long dimension : tensor.getDimsList()) {
            if (dimension < 1 || dimension > Integer.MAX_VALUE || size * dimension > Integer.MAX_VALUE / Float.BYTES) {
                throw wrong(node, tensor.getName(), "shape " + tensor.getDimsList(), "dimensions from 1, below 2 GiB");
            }
            size *= dimension;
        }
        boolean raw = tensor.hasRawData();
        long given = raw ? tensor.getRawData().size() / (long) Float.BYTES : tensor.getFloatDataCount();
        if (given != size || raw && tensor.getRawData().size() % Float.BYTES != 0) {
            throw wrong(node, tensor.getName(), given + " values", size + " from its shape " + tensor.getDimsList());
        }
        float[] values = new float[(int) size];
        if (raw) {
            tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.getFloatData(i);
            }
        }
        return values;
    }

    private ModelException wrong(NodeProto node, String tensor, String has, String expected) {
        return new ModelException(file + ": node " + OnnxImport.describe(node) + ": tensor '" + tensor + "' has " + has
                + ", expected " + expected);
    }
}
