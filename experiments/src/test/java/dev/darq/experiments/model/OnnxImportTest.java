package dev.darq.experiments.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxImportTest {
    private static final float[] W1 = {0.1f, -0.2f, 0.3f, 0.4f, 0.5f, -0.6f}; // [2 outputs, 3 inputs]
    private static final float[] W1_TRANSPOSED = {0.1f, 0.4f, -0.2f, 0.5f, 0.3f, -0.6f};
    private static final float[] W2 = {1, -1, 2, 0.5f}; // [2, 2]
    private static final float[] W2_TRANSPOSED = {1, 2, -1, 0.5f};
    private static final float[] BIAS = {0.25f, -0.5f};
    private static final float[] X = {0.5f, -1, 2};

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("model.onnx");
    }

    private float[] run() throws IOException {
        float[] output = new float[2];
        FloatModel.load(file()).model().session().run(X, output);
        return output;
    }

    private static float[] expected(DoubleUnaryOperator function) {
        double[] hidden = new double[2];
        float[] output = new float[2];
        for (int row = 0; row < 2; row++) {
            double sum = BIAS[row];
            for (int column = 0; column < 3; column++) {
                sum += (double) W1[3 * row + column] * X[column];
            }
            hidden[row] = function.applyAsDouble(sum);
        }
        for (int row = 0; row < 2; row++) {
            output[row] = (float) (BIAS[row] + W2[2 * row] * hidden[0] + W2[2 * row + 1] * hidden[1]);
        }
        return output;
    }

    private void refuses(String message) {
        assertEquals(file() + ": " + message,
                assertThrows(ModelException.class, () -> FloatModel.load(file())).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Tanh", "Relu", "Sigmoid"})
    void gemmsBothWaysComputeTheForwardPass(String function) throws IOException {
        new OnnxFile().raw("w1", W1, 2, 3).list("w2", W2_TRANSPOSED, 2, 2).raw("b", BIAS, 2)
                .node("Flatten", Map.of("axis", 1)).node("Gemm", Map.of("transB", 1), "w1", "b")
                .node(function, Map.of()).node("Gemm", Map.of(), "w2", "b").write(file());
        DoubleUnaryOperator reference = switch (function) {
            case "Tanh" -> Math::tanh;
            case "Relu" -> x -> Math.max(x, 0);
            default -> x -> 1 / (1 + Math.exp(-x));
        };
        assertArrayEquals(expected(reference), run(), 1e-6f);
    }

    @Test
    void matMulsWithAddsComputeTheForwardPassAndASoftmaxIsLeftOut() throws IOException {
        new OnnxFile().list("w1", W1_TRANSPOSED, 3, 2).raw("w2", W2_TRANSPOSED, 2, 2).list("b", BIAS, 1, 2)
                .node("MatMul", Map.of(), "w1").node("Add", Map.of(), "b").node("Tanh", Map.of())
                .node("MatMul", Map.of(), "w2").node("Add", Map.of(), "b").node("Softmax", Map.of("axis", 1))
                .write(file());
        assertArrayEquals(expected(Math::tanh), run(), 1e-6f);
        assertEquals(List.of("Softmax at the end is left out: the class of highest probability is that of highest"
                + " logit"), FloatModel.load(file()).notes());
    }

    @Test
    void factorsOfAGemmCount() throws IOException {
        float[] doubled = {0.5f, -1};
        float[] halved = {0.05f, -0.1f, 0.15f, 0.2f, 0.25f, -0.3f};
        new OnnxFile().raw("w1", halved, 2, 3).raw("w2", W2, 2, 2).raw("b1", doubled, 2).raw("b", BIAS, 2)
                .node("Gemm", Map.of("transB", 1, "alpha", 2f, "beta", 0.5f), "w1", "b1").node("Tanh", Map.of())
                .node("Gemm", Map.of("transB", 1), "w2", "b").write(file());
        assertArrayEquals(expected(Math::tanh), run(), 1e-6f);
    }

    @Test
    void anythingElseIsRefusedByTheNameOfItsNode() throws IOException {
        new OnnxFile().raw("w", W1, 2, 3).node("Gemm", Map.of("transB", 1), "w").node("Conv", Map.of(), "w")
                .write(file());
        refuses("node 'node1' (Conv) is not supported, expected Gemm, MatMul, Add, Tanh, Relu, Sigmoid, Softmax,"
                + " Flatten or Reshape");
        new OnnxFile().raw("w", W1, 2, 3).node("Gemm", Map.of("transA", 1), "w").write(file());
        refuses("node 'node0' (Gemm) transposes its input (transA), expected transA = 0");
        new OnnxFile().raw("w", W1, 6).node("MatMul", Map.of(), "w").write(file());
        refuses("node 'node0' (MatMul): tensor 'w' has shape [6], expected a matrix");
        new OnnxFile().raw("w", W1, 2, 4).node("MatMul", Map.of(), "w").write(file());
        refuses("node 'node0' (MatMul): tensor 'w' has 6 values, expected 8 from its shape [2, 4]");
        new OnnxFile().node("MatMul", Map.of(), "w").write(file());
        refuses("node 'node0' (MatMul) takes 'w', expected a constant of the model");
        new OnnxFile().raw("b", BIAS, 2).node("Add", Map.of(), "b").write(file());
        refuses("node 'node0' (Add) does not follow a linear layer, whose bias it would be");
        new OnnxFile().raw("w", W2, 2, 2).node("MatMul", Map.of(), "w").node("Softmax", Map.of())
                .node("MatMul", Map.of(), "w").write(file());
        refuses("node 'node2' (MatMul) follows 'node1' (Softmax), which is possible at the end alone");
        new OnnxFile().node("Flatten", Map.of()).write(file());
        refuses("has no Gemm or MatMul, expected at least one");
        Files.write(file(), new byte[] {1, 2, 3});
        assertTrue(String.valueOf(assertThrows(ModelException.class, () -> FloatModel.load(file())).getMessage())
                .startsWith(file() + ": is no ONNX file ("));
    }
}
