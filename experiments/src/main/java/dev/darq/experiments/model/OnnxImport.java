package dev.darq.experiments.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a plain multi-layer perceptron from an ONNX file: a chain of Gemm, or MatMul and Add, with Tanh, Relu or Sigmoid
 * between; Flatten and Reshape at the ends are nothing to a network of vectors, and a Softmax at the end changes no
 * prediction.
 *
 * <p>Source: the operators of the ONNX specification, opset 7 and later.
 */
final class OnnxImport {
    private static final Map<String, ActivationFunction> FUNCTIONS = Map.of("Tanh", ActivationFunction.TANH, "Relu",
            ActivationFunction.RELU, "Sigmoid", ActivationFunction.SIGMOID);

    private final Path file;
    private final OnnxTensors tensors;
    private final List<Operation> operations = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String current;
    /** What ended the chain of layers, after which only more of the kind may come. */
    private String end = "";
    private int linears;

    private OnnxImport(Path file, OnnxTensors tensors, String input) {
        this.file = file;
        this.tensors = tensors;
        current = input;
    }

    static FloatModel read(Path file) throws IOException {
        GraphProto graph;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            graph = ModelProto.parseFrom(in).getGraph();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new ModelException(file + ": is no ONNX file (" + e.getMessage() + ")", e);
        }
        OnnxTensors tensors = OnnxTensors.of(file, graph);
        List<String> inputs = graph.getInputList().stream().map(ValueInfoProto::getName)
                .filter(name -> !tensors.holds(name)).toList();
        if (inputs.size() != 1 || graph.getOutputCount() != 1) {
            throw new ModelException(file + ": expected one input and one output, got inputs " + inputs + " and "
                    + graph.getOutputCount() + " outputs");
        }
        OnnxImport reading = new OnnxImport(file, tensors, inputs.getFirst());
        graph.getNodeList().stream().filter(node -> !node.getOpType().equals("Constant")).forEach(reading::add);
        return reading.finish(graph.getOutput(0).getName());
    }

    private FloatModel finish(String output) {
        if (!current.equals(output)) {
            throw new ModelException(file + ": the chain of layers ends in '" + current + "', expected the output '"
                    + output + "'");
        }
        if (linears == 0) {
            throw new ModelException(file + ": has no Gemm or MatMul, expected at least one");
        }
        try {
            return new FloatModel(new PackedModel(operations, Map.of()), notes);
        } catch (IllegalArgumentException e) {
            throw new ModelException(file + ": " + e.getMessage(), e);
        }
    }

    private void add(NodeProto node) {
        String operator = node.getOpType();
        if (!node.getInputList().contains(current)) {
            throw wrong(node, "takes " + node.getInputList() + ", expected a chain in which it takes '" + current
                    + "'");
        }
        boolean shape = List.of("Flatten", "Reshape", "Identity", "Softmax", "LogSoftmax").contains(operator);
        if (!end.isEmpty() && !shape) {
            throw wrong(node, "follows " + end + ", which is possible at the end alone");
        }
        switch (operator) {
            case "Gemm" -> gemm(node);
            case "MatMul" -> linear(node, tensors.matrix(node, weights(node)).transposed(), new float[0]);
            case "Add" -> bias(node);
            case "Tanh", "Relu", "Sigmoid" -> operations.add(
                    new Activation("activation" + (operations.size() + 1), function(node)));
            case "Flatten", "Reshape" -> end = linears > 0 ? describe(node) : "";
            case "Softmax", "LogSoftmax" -> {
                end = describe(node);
                notes.add(operator + " at the end is left out: the class of highest probability is that of highest"
                        + " logit");
            }
            case "Identity" -> {
            }
            default -> throw wrong(node, "is not supported, expected Gemm, MatMul, Add, Tanh, Relu, Sigmoid, Softmax,"
                    + " Flatten or Reshape");
        }
        current = node.getOutput(0);
    }

    private ActivationFunction function(NodeProto node) {
        ActivationFunction function = FUNCTIONS.get(node.getOpType());
        if (function == null || operations.isEmpty() || !(operations.getLast() instanceof Linear)) {
            throw wrong(node, "does not follow a linear layer");
        }
        return function;
    }

    /** The name of a product's second operand. */
    private String weights(NodeProto node) {
        if (node.getInputCount() < 2 || !node.getInput(0).equals(current)) {
            throw wrong(node, "takes " + node.getInputList() + ", expected '" + current + "' first");
        }
        return node.getInput(1);
    }

    private void gemm(NodeProto node) {
        float alpha = attribute(node, "alpha", 1);
        float beta = attribute(node, "beta", 1);
        if (attribute(node, "transA", 0) != 0) {
            throw wrong(node, "transposes its input (transA), expected transA = 0");
        }
        OnnxTensors.Matrix stored = tensors.matrix(node, weights(node));
        OnnxTensors.Matrix weights = (attribute(node, "transB", 0) == 0 ? stored.transposed() : stored).times(alpha);
        boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
        float[] bias = biased ? tensors.vector(node, node.getInput(2), weights.rows()) : new float[0];
        for (int i = 0; i < bias.length; i++) {
            bias[i] *= beta;
        }
        linear(node, weights, bias);
    }

    private void linear(NodeProto node, OnnxTensors.Matrix weights, float[] bias) {
        linears++;
        try {
            operations.add(new Linear("linear" + linears,
                    new FloatWeights(weights.rows(), weights.columns(), Float.SIZE, weights.values()),
                    new FloatActivation(Float.SIZE), bias.length > 0 ? bias : new float[weights.rows()]));
        } catch (IllegalArgumentException e) {
            throw wrong(node, String.valueOf(e.getMessage()));
        }
    }

    private void bias(NodeProto node) {
        if (operations.isEmpty() || !(operations.getLast() instanceof Linear linear)) {
            throw wrong(node, "does not follow a linear layer, whose bias it would be");
        }
        String name = node.getInput(node.getInput(0).equals(current) ? 1 : 0);
        float[] bias = tensors.vector(node, name, linear.weights().rows());
        for (int i = 0; i < bias.length; i++) {
            bias[i] += linear.bias()[i];
        }
        operations.set(operations.size() - 1, new Linear(linear.name(), linear.weights(), linear.input(), bias));
    }

    private static float attribute(NodeProto node, String name, float otherwise) {
        return node.getAttributeList().stream().filter(attribute -> attribute.getName().equals(name)).findFirst()
                .map(attribute -> attribute.getType() == AttributeProto.AttributeType.INT
                        ? (float) attribute.getI()
                        : attribute.getF())
                .orElse(otherwise);
    }

    private ModelException wrong(NodeProto node, String what) {
        return new ModelException(file + ": node " + describe(node) + " " + what);
    }

    /** A node as errors name it. */
    static String describe(NodeProto node) {
        return "'" + node.getName() + "' (" + node.getOpType() + ")";
    }
}
