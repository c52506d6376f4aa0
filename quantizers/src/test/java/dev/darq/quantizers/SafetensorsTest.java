package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.TokenActivation;
import dev.darq.kernels.UniformActivation;
import dev.darq.kernels.WeightCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A packed model file lists and loads in DJL's safetensors reader, with the tensors that kernels/FORMAT.md names. */
class SafetensorsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,8,2", "5,9,3", "4,64,8", "17,100,4"})
    void djlReadsTheTensorsThatTheDescriptionNames(int rows, int columns, int bits) throws IOException {
        PackedModel model = model(rows, columns, bits);
        Path path = directory.resolve("model.darq");
        model.save(path);
        Map<String, Tensor> expected = new LinkedHashMap<>();
        for (Operation operation : model.operations()) {
            if (operation instanceof Linear linear) {
                describe(linear, expected);
            }
        }
        try (NDManager manager = NDManager.newBaseManager("PyTorch"); InputStream file = Files.newInputStream(path)) {
            NDList list = NDList.decode(manager, file);
            List<String> names = new ArrayList<>();
            for (NDArray array : list) {
                names.add(array.getName());
                Tensor tensor = expected.get(array.getName());
                assertTrue(tensor != null, () -> array.getName() + " is not in the description");
                assertEquals(tensor.type, array.getDataType(), array.getName());
                assertEquals(tensor.shape, array.getShape(), array.getName());
                ByteBuffer content = array.toByteBuffer();
                byte[] bytes = new byte[content.remaining()];
                content.get(bytes);
                assertArrayEquals(tensor.bytes, bytes, array.getName());
            }
            assertEquals(expected.keySet().stream().sorted().toList(), names.stream().sorted().toList());
        }
    }

    private static PackedModel model(int rows, int columns, int bits) {
        Random random = new Random(rows);
        int[] codes = random.ints((long) rows * columns, 0, 1 << bits).toArray();
        BinaryCode binary = BinaryCode.fromCodes(rows, columns, bits, floats(random, rows * bits), floats(random, rows),
                codes);
        short[] codes16 = new short[rows * rows];
        float[] halves = new float[rows * rows];
        for (int i = 0; i < halves.length; i++) {
            codes16[i] = (short) random.nextInt();
            halves[i] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
        }
        float[] scale = new float[rows];
        Arrays.fill(scale, 1e-4f);
        return new PackedModel(List.of(
                linear(random, "fc.1", binary, new LevelActivation(floats(random, bits), 0.5f)),
                new Activation("fc.1.tanh", ActivationFunction.TANH),
                linear(random, "h\u00e4lften \"16\"", new FloatWeights(rows, rows, 16, halves),
                        new FloatActivation(16)),
                linear(random, "integers", new IntegerWeights(rows, rows, codes16, scale), new TokenActivation(8)),
                linear(random, "float", new FloatWeights(rows, rows, 32, floats(random, rows * rows)),
                        new UniformActivation(bits, 0.5f, -1, 0, (1 << bits) - 1))),
                Map.of("note", "\u2713"));
    }

    private static Linear linear(Random random, String name, WeightCode weights, ActivationCode input) {
        return new Linear(name, weights, input, floats(random, weights.rows()));
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** What the description says about a tensor. */
    private record Tensor(DataType type, Shape shape, byte[] bytes) {}

    /** The table of FORMAT.md, in code. */
    private static void describe(Linear linear, Map<String, Tensor> tensors) {
        String name = linear.name();
        long rows = linear.weights().rows();
        long columns = linear.weights().columns();
        long bits = linear.weights().bits();
        switch (linear.weights()) {
            case BinaryCode code -> {
                tensors.put(name + ".weight.basis", float32(code.basis(), rows, bits));
                tensors.put(name + ".weight.offset", float32(code.offset(), rows));
                tensors.put(name + ".weight.planes", new Tensor(DataType.UINT8,
                        new Shape(rows, bits, (columns + 7) / 8), planes(code)));
            }
            case IntegerWeights code -> {
                byte[] bytes = new byte[2 * code.codes().length];
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(code.codes());
                tensors.put(name + ".weight.codes",
                        new Tensor(DataType.UINT8, new Shape(rows, columns, 2), bytes));
                tensors.put(name + ".weight.scale", float32(code.scale(), rows));
            }
            case GroupedWeights _ -> throw new IllegalArgumentException(name + " is not among these models");
            case FloatWeights code when code.bits() == 16 -> {
                byte[] bytes = new byte[2 * code.values().length];
                ByteBuffer halves = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                for (float value : code.values()) {
                    halves.putShort(Float.floatToFloat16(value));
                }
                tensors.put(name + ".weight.values",
                        new Tensor(DataType.FLOAT16, new Shape(rows, columns), bytes));
            }
            case FloatWeights code -> tensors.put(name + ".weight.values", float32(code.values(), rows, columns));
        }
        switch (linear.input()) {
            case LevelActivation code -> {
                tensors.put(name + ".input.basis", float32(code.basis(), code.bits()));
                tensors.put(name + ".input.offset", float32(new float[] {code.offset()}, 1));
            }
            case UniformActivation code -> {
                tensors.put(name + ".input.scale", float32(new float[] {code.scale()}, 1));
                tensors.put(name + ".input.offset", float32(new float[] {code.offset()}, 1));
            }
            case TokenActivation _,FloatActivation _ -> {
                // No tensors.
            }
        }
        tensors.put(name + ".bias", float32(linear.bias(), rows));
    }

    private static byte[] planes(BinaryCode code) {
        int rowBytes = (code.columns() + 7) / 8;
        byte[] bytes = new byte[code.rows() * code.bits() * rowBytes];
        for (int row = 0; row < code.rows(); row++) {
            for (int column = 0; column < code.columns(); column++) {
                for (int bit = 0; bit < code.bits(); bit++) {
                    int set = code.code(row, column) >> bit & 1;
                    bytes[(row * code.bits() + bit) * rowBytes + column / 8] |= (byte) (set << column % 8);
                }
            }
        }
        return bytes;
    }

    private static Tensor float32(float[] values, long... shape) {
        byte[] bytes = new byte[4 * values.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return new Tensor(DataType.FLOAT32, new Shape(shape), bytes);
    }
}
