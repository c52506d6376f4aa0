package dev.darq.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * One tensor of a model as the file holds it.
 *
 * @param name the operation's name, a dot and the part, as in {@code fc1.weight.planes}
 * @param type the element type
 * @param shape the dimensions
 * @param content the values: float[] for F32 and F16, double[], long[], short[] for pairs of U8, {@link BinaryCode} for its planes as U8
 */
record StoredTensor(String name, Type type, List<Long> shape, Object content) {
    /** The element types of safetensors in use: packed models have the first four, I16 only in their first version. */
    enum Type {
        F32(4), F16(2), I16(2), U8(1), F64(8), I64(8);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    long bytes() {
        return shape.stream().reduce((long) type.bytes, Math::multiplyExact);
    }

    /** The bytes of one row of one plane: the planes are stored without the padding to 64 bits. */
    static int planeBytes(int columns) {
        return (columns + 7) >>> 3;
    }

    /** The tensors of a layer. */
    static List<StoredTensor> of(Linear linear) {
        List<StoredTensor> tensors = new ArrayList<>();
        String weight = linear.name() + ".weight.";
        String input = linear.name() + ".input.";
        addWeights(weight, linear.weights(), tensors);
        switch (linear.input()) {
            case LevelActivation code -> {
                tensors.add(floats(input + "basis", List.of((long) code.bits()), code.basis()));
                tensors.add(floats(input + "offset", List.of(1L), new float[] {code.offset()}));
            }
            case UniformActivation code -> {
                tensors.add(floats(input + "scale", List.of(1L), new float[] {code.scale()}));
                tensors.add(floats(input + "offset", List.of(1L), new float[] {code.offset()}));
            }
            case TokenActivation _,FloatActivation _ -> {
                // Nothing beyond its bits.
            }
        }
        tensors.add(floats(linear.name() + ".bias", List.of((long) linear.bias().length), linear.bias()));
        return tensors;
    }

    private static void addWeights(String prefix, WeightCode weights, List<StoredTensor> tensors) {
        long rows = weights.rows();
        long columns = weights.columns();
        switch (weights) {
            case BinaryCode code -> {
                long bits = code.bits();
                tensors.add(floats(prefix + "basis", List.of(rows, bits), code.basis()));
                tensors.add(floats(prefix + "offset", List.of(rows), code.offset()));
                long planeBytes = planeBytes(code.columns());
                tensors.add(new StoredTensor(prefix + "planes", Type.U8, List.of(rows, bits, planeBytes), code));
            }
            case IntegerWeights code -> {
                tensors.add(floats(prefix + "scale", List.of(rows), code.scale()));
                tensors.add(new StoredTensor(prefix + "codes", Type.U8, List.of(rows, columns, (long) Short.BYTES),
                        code.codes()));
            }
            case FloatWeights code -> {
                Type type = code.bits() == 16 ? Type.F16 : Type.F32;
                tensors.add(new StoredTensor(prefix + "values", type, List.of(rows, columns), code.values()));
            }
            case GroupedWeights grouped -> addWeights(prefix, grouped.groups(), tensors);
        }
    }

    private static StoredTensor floats(String name, List<Long> shape, float[] values) {
        return new StoredTensor(name, Type.F32, shape, values);
    }
}
