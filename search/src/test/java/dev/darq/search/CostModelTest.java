package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Granularity;
import dev.darq.quantizers.QuantizerSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostModelTest {
    private static final LayerShape LAYER = new LayerShape("linear1", 784, 256, ActivationFunction.TANH);

    private static double cost(CostModel model, String weights, String activations) {
        return model.cost(LAYER, Candidate.parse(weights), Candidate.parse(activations));
    }

    @Test
    void bitOperationsAreMultiplyAccumulatesTimesBothWidths() {
        assertEquals(784 * 256 * 3 * 4, cost(CostModel.BIT_OPERATIONS, "lq3", "pact4"));
    }

    @Test
    void activationBytesAreInputsTimesTheirBits() {
        assertEquals(784 * 3 / 8.0, cost(new ActivationBytes(), "uniform8", "lq3"));
        assertEquals(784 * 4, new ActivationBytes().reference(LAYER));
    }

    @Test
    void weightBytesAreCodesBasesOffsetsAndBias() {
        assertEquals(256 * (3 * 98 + 4 * 3 + 4 + 4), cost(CostModel.WEIGHT_BYTES, "lq3", "pact4"));
        assertEquals(256 * (784 * 2 + 4 + 4), cost(CostModel.WEIGHT_BYTES, "uniform16", "pact4"));
        assertEquals(256 * (784 * 4 + 4), CostModel.WEIGHT_BYTES.reference(LAYER));
        CostModel grouped = new WeightBytes(QuantizerSettings.DEFAULT.withGranularity(Granularity.GROUP, 64));
        assertEquals(256 * (13 * (2 * 8 + 4 * 2 + 4) + 4), cost(grouped, "lq2", "pact4"));
    }

    @ParameterizedTest
    @CsvSource({ //
            "uniform8, uniform8, 0.2,    26", // 8 + 8 bits and ceil(log2 784) = 10
            "lq1,      lq1,      0.0031, 12", //
            "lq2,      uniform8, 0.05,   20"})
    void integerProductsFollowTheirCellsAndSumsTheirBits(String weights, String activations, double product,
            int sumBits) {
        assertEquals(product + 0.1 * sumBits / 32,
                Energy.multiplyAccumulate(784, Candidate.parse(weights), Candidate.parse(activations)), 1e-4);
    }

    @Test
    void anIntegerMultiplierOf32BitsNeedsAboutWhatTheTableSays() {
        assertEquals(3.1, Energy.INTEGER_MULTIPLY_8 * 32 * 32 / 64, 0.13);
    }

    @Test
    void floatsCostWhatTheWiderOneDoes() {
        assertEquals(1.5, Energy.multiplyAccumulate(784, Candidate.parse("float16"), Candidate.parse("lq2")), 1e-12);
        assertEquals(4.6, Energy.multiplyAccumulate(784, Candidate.parse("float16"), Candidate.FLOAT32), 1e-12);
        assertEquals(784 * 256 * 4.6 + (784 * 256 + 784) * 5.0, new Energy().reference(LAYER), 1e-6);
    }

    @Test
    void aLatencyThatWasNotMeasuredIsAnErrorThatNamesIt() {
        Latency latency = new Latency("table.json", new LatencyTable(1,
                Map.of(LatencyTable.Entry.of(LAYER, Candidate.parse("lq1"), Candidate.parse("lq2")), 3.5)));
        assertEquals(3.5, cost(latency, "lq1", "lq2"));
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> cost(latency, "lq2", "lq1")).getMessage());
        assertTrue(message.contains("784x256 with tanh, weights lq2, activations lq1"), message);
    }
}
