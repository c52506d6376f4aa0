package dev.darq.experiments.naive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.PackedModel;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NaiveNetworkTest {
    private static final int INPUTS = 101;
    private static final int HIDDEN = 37;
    private static final int OUTPUTS = 5;

    private final SplittableRandom random = new SplittableRandom(1);

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private Linear coded(String name, int columns, int rows, int weightBits, int inputBits) {
        int[] codes = random.ints((long) rows * columns, 0, 1 << weightBits).toArray();
        return new Linear(name,
                BinaryCode.fromCodes(rows, columns, weightBits, values(rows * weightBits), values(rows), codes),
                new LevelActivation(values(inputBits), 0.3f), values(rows));
    }

    private PackedModel coded(int weightBits, int inputBits, ActivationFunction function) {
        return new PackedModel(List.of(coded("one", INPUTS, HIDDEN, weightBits, inputBits),
                new Activation("function", function), coded("two", HIDDEN, OUTPUTS, weightBits, inputBits)), Map.of());
    }

    private Linear plain(String name, int columns, int rows) {
        return new Linear(name, new FloatWeights(rows, columns, 32, values(rows * columns)), new FloatActivation(32),
                values(rows));
    }

    /** Holds the loops against the kernels, on the second of two samples. */
    private void agrees(NaiveNetwork naive, PackedModel model) {
        float[] samples = values(2 * INPUTS);
        float[] second = new float[INPUTS];
        System.arraycopy(samples, INPUTS, second, 0, INPUTS);
        float[] expected = new float[OUTPUTS];
        model.session().run(second, expected);
        float[] output = new float[2 * OUTPUTS];
        float[] before = samples.clone();
        naive.run(samples, INPUTS, output, OUTPUTS);
        float[] actual = new float[OUTPUTS];
        System.arraycopy(output, OUTPUTS, actual, 0, OUTPUTS);
        for (int i = 0; i < OUTPUTS; i++) {
            assertEquals(expected[i], actual[i], 1e-5 * HIDDEN * Math.max(1, Math.abs(expected[i])));
        }
        assertArrayEquals(before, samples);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, TANH", "2, 2, TANH", "3, 3, TANH", "1, 2, RELU", "3, 1, SIGMOID"})
    void theLoopOfWordsComputesWhatTheKernelsCompute(int weightBits, int inputBits, ActivationFunction function) {
        PackedModel model = coded(weightBits, inputBits, function);
        agrees(NaiveNetwork.words(model), model);
    }

    @Test
    void theLoopOfFloatsComputesWhatTheKernelsCompute() {
        PackedModel model = new PackedModel(List.of(plain("one", INPUTS, HIDDEN),
                new Activation("function", ActivationFunction.TANH), plain("two", HIDDEN, OUTPUTS)), Map.of());
        agrees(NaiveNetwork.floats(model), model);
    }

    @Test
    void theLoopOfWordsNeedsCodes() {
        PackedModel model = new PackedModel(List.of(plain("one", INPUTS, OUTPUTS)), Map.of());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> NaiveNetwork.words(model));
        assertEquals("layer one: expected binary codes of weights and inputs, got FloatWeights and FloatActivation",
                refused.getMessage());
    }
}
