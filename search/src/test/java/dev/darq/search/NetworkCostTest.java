package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkCostTest {
    private static final SearchSpace SPACE = new SearchSpace(
            List.of(Candidate.parse("lq1"), Candidate.parse("lsq+4"), Candidate.FLOAT32),
            List.of(Candidate.parse("lq2"), Candidate.parse("pact8"), Candidate.FLOAT32));

    private static final NetworkSpec SPEC = new MlpSpec(List.of(7, 5, 3), ActivationFunction.RELU);

    private static Network network(long seed) {
        Network network = Network.create(SPEC, SPACE, QuantizerSettings.DEFAULT, 1);
        SplittableRandom random = new SplittableRandom(seed);
        for (MixedTensor tensor : network.tensors()) {
            for (int j = 0; j < tensor.alpha().value().length; j++) {
                tensor.alpha().value()[j] = (float) random.nextGaussian();
            }
        }
        return network;
    }

    /** Every model; the latencies are no product of anything, as real ones are not. */
    static List<CostModel> models() {
        Map<LatencyTable.Entry, Double> times = new HashMap<>();
        for (LayerShape layer : SPEC.shapes()) {
            for (Candidate weights : SPACE.weights()) {
                for (Candidate activations : SPACE.activations()) {
                    times.put(LatencyTable.Entry.of(layer, weights, activations),
                            1 + weights.bits() * layer.inputs() % 17
                                    + 3 * (activations.bits() % (weights.bits() + 1.5)));
                }
            }
        }
        return List.of(CostModel.BIT_OPERATIONS, CostModel.WEIGHT_BYTES, new ActivationBytes(), new Energy(),
                new Latency("table.json", new LatencyTable(2.5, times)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aFloat32NetworkCostsOne(CostModel model) {
        Network network = Network.create(SPEC, SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                QuantizerSettings.DEFAULT, 1);
        assertEquals(1, new NetworkCost(model, network).expected(), 1e-12);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theExpectationIsTheMeanOverSchemesDrawnByTheirProbabilities(CostModel model) {
        Network network = network(5);
        List<double[]> p = network.tensors().stream().map(MixedTensor::probabilities).toList();
        double mean = 0;
        for (int code = 0; code < 81; code++) {
            int[] choice = {code % 3, code / 3 % 3, code / 9 % 3, code / 27};
            double cost = model.overhead();
            double probability = 1;
            for (int l = 0; l < 2; l++) {
                cost += model.cost(SPEC.shapes().get(l), SPACE.weights().get(choice[2 * l]),
                        SPACE.activations().get(choice[2 * l + 1]));
                probability *= p.get(2 * l)[choice[2 * l]] * p.get(2 * l + 1)[choice[2 * l + 1]];
            }
            mean += probability * cost;
        }
        assertEquals(mean, network.expectedCost(model), 1e-9 * mean);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theGradientByAlphaMatchesFiniteDifferences(CostModel model) {
        Network network = network(3);
        NetworkCost cost = new NetworkCost(model, network);
        cost.backward(2.5);
        network.choices().forEach(RelaxedChoice::finishGradient);
        for (MixedTensor tensor : network.tensors()) {
            float[] alpha = tensor.alpha().value();
            for (int j = 0; j < alpha.length; j++) {
                float kept = alpha[j];
                alpha[j] = kept + 1e-2f;
                double above = cost.expected();
                alpha[j] = kept - 1e-2f;
                double below = cost.expected();
                alpha[j] = kept;
                assertEquals(2.5 * (above - below) / 2e-2, tensor.alpha().gradient()[j], 1e-4);
            }
        }
    }
}
