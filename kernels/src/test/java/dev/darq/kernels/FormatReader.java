package dev.darq.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * A reader of packed model files that knows nothing but what FORMAT.md says: no class of the module is used. Quantizes in
 * float32 as the format demands, and multiplies in double.
 */
final class FormatReader {
    private final JsonNode header;
    private final JsonNode operations;
    private final ByteBuffer tensors;

    FormatReader(Path path) throws IOException {
        byte[] file = Files.readAllBytes(path);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(bytes.getLong(0));
        require((8 + length) % 64 == 0 && length <= 16 << 20, "header length " + length);
        String text = new String(file, 8, length, StandardCharsets.UTF_8);
        String begin = "{\"__metadata__\":{\"format\":\"darq\",\"version\":\"2\",\"checksum\":\"";
        require(text.startsWith(begin), text);
        checkSum(file, 8 + begin.length());
        ObjectMapper json = new ObjectMapper();
        header = json.readTree(text);
        operations = json.readTree(header.get("__metadata__").get("operations").textValue());
        tensors = bytes.slice(8 + length, file.length - 8 - length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void checkSum(byte[] file, int at) {
        byte[] blank = file.clone();
        Arrays.fill(blank, at, at + 8, (byte) '0');
        CRC32C sum = new CRC32C();
        sum.update(blank);
        String digits = new String(file, at, 8, StandardCharsets.US_ASCII);
        require(digits.equals(String.format("%08x", sum.getValue())), "checksum " + digits);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    int operations() {
        return operations.size();
    }

    /** What the user wrote about the model. */
    String user(String key) {
        return header.get("__metadata__").get("user." + key).textValue();
    }

    /** The output of one operation. */
    double[] run(int index, float[] x) {
        JsonNode operation = operations.get(index);
        return switch (operation.get("type").textValue()) {
            case "activation" -> activation(operation.get("function").textValue(), x);
            case "linear" -> linear(operation, x);
            default -> throw new IllegalStateException(operation.toString());
        };
    }

    private static double[] activation(String function, float[] x) {
        return IntStream.range(0, x.length).mapToDouble(i -> switch (function) {
            case "tanh" -> Math.tanh(x[i]);
            case "relu" -> Math.max(x[i], 0);
            case "sigmoid" -> 1 / (1 + Math.exp(-x[i]));
            case "gelu" -> x[i] * normalDistribution(x[i]);
            default -> throw new IllegalStateException(function);
        }).toArray();
    }

    /** Phi by its power series, 0.5 + phi(x) * (x + x^3 / 3 + x^5 / 15 + ...); far out it is 0 or 1 within 1e-9. */
    private static double normalDistribution(double x) {
        if (Math.abs(x) > 6) {
            return x > 0 ? 1 : 0;
        }
        double term = x;
        double sum = x;
        for (int n = 3; n < 200; n += 2) {
            term *= x * x / n;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private double[] linear(JsonNode operation, float[] x) {
        String name = operation.get("name").textValue();
        int rows = operation.get("rows").intValue();
        int columns = operation.get("columns").intValue();
        double[] weights = grouped(operation, name + ".weight.", rows, columns);
        float[] inputs = inputs(operation, name + ".input.", x);
        float[] y = floats(name + ".bias");
        double[] result = new double[rows];
        for (int r = 0; r < rows; r++) {
            result[r] = y[r];
            for (int k = 0; k < columns; k++) {
                result[r] += weights[r * columns + k] * inputs[k];
            }
        }
        return result;
    }

    private double[] grouped(JsonNode operation, String prefix, int rows, int columns) {
        if (!operation.has("group")) {
            return weights(operation, prefix, rows, columns);
        }
        int group = operation.get("group").intValue();
        int groups = (columns + group - 1) / group;
        double[] all = weights(operation, prefix, rows * groups, group);
        double[] weights = new double[rows * columns];
        Arrays.setAll(weights, i -> all[i / columns * groups * group + i % columns]);
        return weights;
    }

    private double[] weights(JsonNode operation, String prefix, int rows, int columns) {
        double[] weights = new double[rows * columns];
        int bits = operation.get("weight_bits").intValue();
        switch (operation.get("weights").textValue()) {
            case "binary" -> {
                ByteBuffer planes = tensor(prefix + "planes", "U8");
                float[] basis = floats(prefix + "basis");
                float[] offset = floats(prefix + "offset");
                int bytes = (columns + 7) / 8;
                for (int r = 0; r < rows; r++) {
                    for (int k = 0; k < columns; k++) {
                        double weight = 0;
                        for (int i = 0; i < bits; i++) {
                            int b = planes.get((r * bits + i) * bytes + k / 8) >> k % 8 & 1;
                            weight += b == 1 ? basis[r * bits + i] : -basis[r * bits + i];
                        }
                        weights[r * columns + k] = weight + offset[r];
                    }
                }
            }
            case "integer" -> {
                ByteBuffer codes = tensor(prefix + "codes", "U8");
                float[] scale = floats(prefix + "scale");
                Arrays.setAll(weights, i -> (double) codes.getShort(2 * i) * scale[i / columns]);
            }
            case "float" -> {
                float[] values = bits == 16 ? halves(prefix + "values") : floats(prefix + "values");
                Arrays.setAll(weights, i -> values[i]);
            }
            default -> throw new IllegalStateException(operation.toString());
        }
        return weights;
    }

    private float[] inputs(JsonNode operation, String prefix, float[] x) {
        int bits = operation.get("input_bits").intValue();
        float[] values = x.clone();
        switch (operation.get("input").textValue()) {
            case "level" -> level(floats(prefix + "basis"), floats(prefix + "offset")[0], values);
            case "uniform" -> {
                float scale = floats(prefix + "scale")[0];
                float offset = floats(prefix + "offset")[0];
                float lowest = operation.get("lowest").intValue();
                float highest = operation.get("highest").intValue();
                for (int k = 0; k < x.length; k++) {
                    float position = (x[k] - offset) / scale;
                    float clamped = Float.isNaN(position) ? lowest : Math.min(Math.max(position, lowest), highest);
                    values[k] = (float) Math.rint(clamped) * scale + offset;
                }
            }
            case "token" -> token((1 << bits - 1) - 1, values);
            case "float" -> {
                for (int k = 0; k < x.length && bits == 16; k++) {
                    values[k] = Float.float16ToFloat(Float.floatToFloat16(x[k]));
                }
            }
            default -> throw new IllegalStateException(operation.toString());
        }
        return values;
    }

    private static void token(int highest, float[] values) {
        float most = 1e-5f;
        for (float value : values) {
            most = Float.isFinite(value) ? Math.max(most, Math.abs(value)) : most;
        }
        float quotient = most / highest;
        float unit = Math.ulp(quotient) * 128; // 24 significant bits less 7
        float scale = (float) Math.floor(quotient / unit + 0.5) * unit;
        for (int k = 0; k < values.length; k++) {
            float position = values[k] / scale;
            float clamped = Float.isNaN(position) ? -highest : Math.min(Math.max(position, -highest), highest);
            values[k] = (float) Math.rint(clamped) * scale;
        }
    }

    private static void level(float[] basis, float offset, float[] values) {
        double[] sums = new double[1 << basis.length];
        for (int code = 0; code < sums.length; code++) {
            for (int i = 0; i < basis.length; i++) {
                sums[code] += (code >> i & 1) == 1 ? basis[i] : -basis[i];
            }
        }
        // Which of two equal sums is meant makes no difference to a value: only to codes.
        Double[] sorted = IntStream.range(0, sums.length).mapToObj(i -> sums[i]).toArray(Double[]::new);
        Arrays.sort(sorted, Comparator.naturalOrder());
        for (int k = 0; k < values.length; k++) {
            int index = 0;
            for (int t = 0; t + 1 < sorted.length; t++) {
                if (values[k] >= (float) (offset + 0.5 * (sorted[t] + sorted[t + 1]))) {
                    index++;
                }
            }
            values[k] = (float) (offset + sorted[index]);
        }
    }

    private ByteBuffer tensor(String name, String type) {
        JsonNode tensor = header.get(name);
        require(tensor != null && tensor.get("dtype").textValue().equals(type), name + " of " + type + ": " + tensor);
        int begin = tensor.get("data_offsets").get(0).intValue();
        int end = tensor.get("data_offsets").get(1).intValue();
        return tensors.slice(begin, end - begin).order(ByteOrder.LITTLE_ENDIAN);
    }

    private float[] floats(String name) {
        ByteBuffer bytes = tensor(name, "F32");
        float[] values = new float[bytes.remaining() / 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat(4 * i);
        }
        return values;
    }

    private float[] halves(String name) {
        ByteBuffer bytes = tensor(name, "F16");
        float[] values = new float[bytes.remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(bytes.getShort(2 * i));
        }
        return values;
    }
}
