package dev.darq.kernels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the operations that a header describes from the tensors that it lists. */
final class OperationReader {
    private final Path path;
    private final TensorTable tensors;
    private final String version;

    OperationReader(Path path, TensorTable tensors, String version) {
        this.path = path;
        this.tensors = tensors;
        this.version = version;
    }

    PackedModel read() throws PackedFormatException {
        Map<String, String> user = new HashMap<>();
        Set<String> own = new HashSet<>(Set.of("format", "version", "checksum", "operations"));
        for (Map.Entry<String, String> entry : tensors.metadata.entrySet()) {
            if (entry.getKey().startsWith(ModelHeader.USER_PREFIX)) {
                user.put(entry.getKey().substring(ModelHeader.USER_PREFIX.length()), entry.getValue());
            } else if (!own.remove(entry.getKey())) {
                throw bad("metadata under format, version, checksum, operations or user.", entry.getKey());
            }
        }
        String description = tensors.metadata.get("operations");
        if (description == null) {
            throw bad("metadata operations", "none");
        }
        Object tree = JsonTree.parse(description, path, ModelHeader.LENGTH_BYTES);
        if (!(tree instanceof List<?> list)) {
            throw bad("a list of operations", tree);
        }
        List<Operation> operations = new ArrayList<>();
        for (Object element : list) {
            operations.add(operation(new Fields(element)));
        }
        tensors.requireAllUsed();
        try {
            return new PackedModel(operations, user);
        } catch (IllegalArgumentException e) {
            throw bad("operations that fit each other", e.getMessage());
        }
    }

    private Operation operation(Fields fields) throws PackedFormatException {
        String type = fields.text("type");
        String name = fields.text("name");
        try {
            Operation operation = switch (type) {
                case "linear" -> linear(name, fields);
                case "activation" -> new Activation(name, function(fields.text("function")));
                default -> throw bad("an operation of type linear or activation", type);
            };
            fields.requireAllUsed();
            return operation;
        } catch (IllegalArgumentException e) {
            // The constructors check what the arrays hold; their messages carry expected and actual.
            throw bad("valid contents of operation " + name, e.getMessage());
        }
    }

    private ActivationFunction function(String name) throws PackedFormatException {
        for (ActivationFunction function : ActivationFunction.values()) {
            if (function.name().toLowerCase(Locale.ROOT).equals(name)) {
                return function;
            }
        }
        throw bad("function tanh, relu, sigmoid or gelu", name);
    }

    private Linear linear(String name, Fields fields) throws PackedFormatException {
        int rows = fields.integer("rows", 1, Integer.MAX_VALUE);
        int columns = fields.integer("columns", 1, Require.MOST_COLUMNS);
        WeightCode weights = grouped(name + ".weight.", rows, columns, fields);
        ActivationCode input = input(name + ".input.", fields);
        return new Linear(name, weights, input, tensors.floats(name + ".bias", rows));
    }

    /** Groups of inputs are the rows of their code. */
    private WeightCode grouped(String prefix, int rows, int columns, Fields fields) throws PackedFormatException {
        if (!fields.has("group")) {
            return weights(prefix, rows, columns, fields);
        }
        int group = fields.integer("group", 1, Require.MOST_COLUMNS);
        long groups = (long) rows * Math.ceilDiv(columns, group);
        if (groups > Integer.MAX_VALUE) {
            throw bad("at most " + Integer.MAX_VALUE + " groups", groups);
        }
        return new GroupedWeights(rows, columns, weights(prefix, (int) groups, group, fields));
    }

    private WeightCode weights(String prefix, int rows, int columns, Fields fields) throws PackedFormatException {
        String kind = fields.text("weights");
        switch (kind) {
            case "binary" -> {
                int bits = fields.integer("weight_bits", 1, BinaryLevels.MOST_BITS);
                float[] basis = tensors.floats(prefix + "basis", rows, bits);
                float[] offset = tensors.floats(prefix + "offset", rows);
                long[] planes = tensors.planes(prefix + "planes", rows, bits, columns);
                return new BinaryCode(rows, columns, bits, basis, offset, planes);
            }
            case "integer" -> {
                fields.integer("weight_bits", 16, 16);
                short[] codes = version.equals(ModelHeader.FIRST_VERSION)
                        ? tensors.shorts(prefix + "codes", StoredTensor.Type.I16, rows, columns)
                        : tensors.shorts(prefix + "codes", StoredTensor.Type.U8, rows, columns, Short.BYTES);
                return new IntegerWeights(rows, columns, codes, tensors.scales(prefix + "scale", rows));
            }
            case "float" -> {
                int bits = fields.integer("weight_bits", 16, 32);
                float[] values = bits == 16
                        ? tensors.halves(prefix + "values", rows, columns)
                        : tensors.floats(prefix + "values", rows, columns);
                return new FloatWeights(rows, columns, bits, values);
            }
            default -> throw bad("weights binary, integer or float", kind);
        }
    }

    private ActivationCode input(String prefix, Fields fields) throws PackedFormatException {
        String kind = fields.text("input");
        switch (kind) {
            case "level" -> {
                int bits = fields.integer("input_bits", 1, BinaryLevels.MOST_BITS);
                float[] basis = tensors.floats(prefix + "basis", bits);
                return new LevelActivation(basis, tensors.floats(prefix + "offset", 1)[0]);
            }
            case "uniform" -> {
                int bits = fields.integer("input_bits", 1, 16);
                int lowest = fields.integer("lowest", -65535, 65535);
                int highest = fields.integer("highest", -65535, 65535);
                float scale = tensors.scales(prefix + "scale", 1)[0];
                float offset = tensors.floats(prefix + "offset", 1)[0];
                return new UniformActivation(bits, scale, offset, lowest, highest);
            }
            case "token" -> {
                return new TokenActivation(fields.integer("input_bits", 2, 8));
            }
            case "float" -> {
                return new FloatActivation(fields.integer("input_bits", 16, 32));
            }
            default -> throw bad("input level, uniform, token or float", kind);
        }
    }

    private PackedFormatException bad(String expected, @Nullable Object actual) {
        return new PackedFormatException(path, ModelHeader.LENGTH_BYTES, expected, String.valueOf(actual));
    }

    /** The fields of one described operation; each is asked for once, and none may be left. */
    private final class Fields {
        private final Map<Object, Object> rest;

        Fields(Object element) throws PackedFormatException {
            if (!(element instanceof Map<?, ?> map)) {
                throw bad("an object for each operation", element);
            }
            rest = new HashMap<>(map);
        }

        String text(String key) throws PackedFormatException {
            if (rest.remove(key) instanceof String text) {
                return text;
            }
            throw bad("text for " + key + " of an operation", "none");
        }

        boolean has(String key) {
            return rest.containsKey(key);
        }

        int integer(String key, int lowest, int highest) throws PackedFormatException {
            Object value = rest.remove(key);
            if (value instanceof Long integer && integer >= lowest && integer <= highest) {
                return integer.intValue();
            }
            throw bad(key + " within " + lowest + ".." + highest, value);
        }

        void requireAllUsed() throws PackedFormatException {
            if (!rest.isEmpty()) {
                throw bad("no further fields of an operation", rest.keySet());
            }
        }
    }
}
