package dev.darq.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Models that tests share. Whatever is random here is the same every time: a golden file depends on it. */
final class TestModels {
    private TestModels() {}

    /** One layer of each kind of weight and input, 70 inputs, 3 outputs. */
    static PackedModel everyKind() {
        Random random = new Random(42);
        List<Operation> operations = List.of(
                binary(random, "first", 5, 70, 3, new LevelActivation(new float[] {0.25f, 0.5f}, 0.125f)),
                new Activation("first.tanh", ActivationFunction.TANH),
                binary(random, "second", 4, 5, 1, new UniformActivation(4, 0.125f, -0.5f, 0, 15)),
                new Activation("second.relu", ActivationFunction.RELU),
                new Linear("third", new IntegerWeights(3, 4, shorts(random, 12), filled(3, 1e-4f)),
                        new FloatActivation(16), KernelCases.gaussian(random, 3)),
                new Activation("third.gelu", ActivationFunction.GELU),
                new Linear("fourth", new FloatWeights(2, 3, 16, halves(random, 6)), new UniformActivation(16, 1e-3f, 0,
                        -32768, 32767), new float[2]),
                new Activation("fourth.sigmoid", ActivationFunction.SIGMOID),
                new Linear("fifth", new FloatWeights(3, 2, 32, KernelCases.gaussian(random, 6)),
                        new FloatActivation(32), KernelCases.gaussian(random, 3)));
        return new PackedModel(operations, Map.of("name", "every kind", "note", "caf\u00e9 \"quoted\"\n\u2713"));
    }

    /** A single layer [2, 3] of two bits on three-bit uniform inputs. */
    static PackedModel tiny() {
        BinaryCode weights = BinaryCode.fromCodes(2, 3, 2, new float[] {0.5f, 1, 0.25f, 0.5f}, new float[2],
                new int[] {0, 1, 2, 3, 3, 0});
        Linear linear = new Linear("fc", weights, new UniformActivation(3, 0.5f, 0, -4, 3), new float[] {1, 2});
        return new PackedModel(List.of(linear), Map.of());
    }

    /** As {@link #small}, and all kinds in one model. */
    static Stream<PackedModel> several() {
        return Stream.concat(small(), Stream.of(everyKind()));
    }

    /** Models of one layer, of every kind and size that the file format treats differently. */
    static Stream<PackedModel> small() {
        Random random = new Random(43);
        LevelActivation levels = new LevelActivation(new float[] {0.5f, 1, 2}, -0.25f);
        LevelActivation eightLevelBits = new LevelActivation(KernelCases.gaussian(random, 8), 0.5f);
        UniformActivation sixteenBits = new UniformActivation(16, 1e-3f, 0, -32768, 32767);
        return Stream.of(tiny(), single(binary(random, "one by one", 1, 1, 1, new UniformActivation(1, 1, 0, 0, 1))),
                single(binary(random, "whole.words", 2, 64, 8, eightLevelBits)),
                single(binary(random, "one over", 3, 65, 3, levels)),
                single(binary(random, "whole/bytes", 5, 8, 4, new FloatActivation(32))),
                single(new Linear("integers", new IntegerWeights(3, 5, shorts(random, 15), filled(3, 1e-4f)),
                        sixteenBits, new float[3])),
                single(new Linear("h\u00e4lften", new FloatWeights(3, 5, 16, halves(random, 15)),
                        new FloatActivation(16),
                        KernelCases.gaussian(random, 3))),
                single(new Linear("groups",
                        new GroupedWeights(2, 5, binary(random, "g", 6, 2, 3, levels).weights()),
                        new TokenActivation(8), KernelCases.gaussian(random, 2))),
                single(new Linear("floats", new FloatWeights(4, 3, 32, KernelCases.gaussian(random, 12)), levels,
                        KernelCases.gaussian(random, 4))));
    }

    private static PackedModel single(Linear linear) {
        return new PackedModel(List.of(linear), Map.of("about", linear.name()));
    }

    static Linear binary(Random random, String name, int rows, int columns, int bits, ActivationCode input) {
        int[] codes = random.ints((long) rows * columns, 0, 1 << bits).toArray();
        float[] basis = KernelCases.gaussian(random, rows * bits);
        BinaryCode weights = BinaryCode.fromCodes(rows, columns, bits, basis, KernelCases.gaussian(random, rows),
                codes);
        return new Linear(name, weights, input, KernelCases.gaussian(random, rows));
    }

    static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }

    private static short[] shorts(Random random, int count) {
        short[] values = new short[count];
        for (int i = 0; i < count; i++) {
            values[i] = (short) random.nextInt();
        }
        return values;
    }

    private static float[] halves(Random random, int count) {
        float[] values = KernelCases.gaussian(random, count);
        for (int i = 0; i < count; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        return values;
    }

    static float[] run(PackedModel model) {
        float[] input = KernelCases.gaussian(new Random(3), model.inputs());
        float[] output = new float[model.outputs()];
        model.session().run(input, output);
        return output;
    }
}
