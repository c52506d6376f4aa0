package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkCostTest {
    private static final SearchSpace SPACE = new SearchSpace(
            List.of(Candidate.parse("lq1"), Candidate.parse("lsq+4"), Candidate.FLOAT32),
            List.of(Candidate.parse("lq2"), Candidate.parse("pact8"), Candidate.FLOAT32));

    private static Mlp network(long seed) {
        Mlp network = Mlp.create(new NetworkSpec(List.of(7, 5, 3), ActivationFunction.RELU), SPACE,
                QuantizerSettings.DEFAULT, 1);
        SplittableRandom random = new SplittableRandom(seed);
        for (MixedTensor tensor : network.tensors()) {
            for (int j = 0; j < tensor.alpha().value().length; j++) {
                tensor.alpha().value()[j] = (float) random.nextGaussian();
            }
        }
        return network;
    }

    @Test
    void aFloat32NetworkCostsOne() {
        Mlp network = Mlp.create(new NetworkSpec(List.of(7, 5, 3), ActivationFunction.RELU),
                SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32), QuantizerSettings.DEFAULT, 1);
        assertEquals(1, new NetworkCost(CostModel.BIT_OPERATIONS, network).expected(), 1e-12);
        assertEquals(1, new NetworkCost(CostModel.WEIGHT_BYTES, network).expected(), 1e-12);
    }

    @Test
    void bitOperationsAreMultiplyAccumulatesTimesBothWidths() {
        assertEquals(784 * 256 * 3 * 4,
                CostModel.BIT_OPERATIONS.cost(784, 256, Candidate.parse("lq3"), Candidate.parse("pact4")));
        assertEquals(784 * 256 * 3 / 8.0,
                CostModel.WEIGHT_BYTES.cost(784, 256, Candidate.parse("lq3"), Candidate.parse("pact4")));
    }

    @ParameterizedTest
    @EnumSource(CostModel.class)
    void theGradientByAlphaMatchesFiniteDifferences(CostModel model) {
        Mlp network = network(3);
        NetworkCost cost = new NetworkCost(model, network);
        cost.backward(2.5);
        network.tensors().forEach(MixedTensor::finishArchitectureGradient);
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

    @Test
    void withoutABudgetTheChoiceIsTheArgmax() {
        Mlp network = network(11);
        Allocation allocation = network.allocation(List.of());
        for (int i = 0; i < 2; i++) {
            MixedLinear layer = network.layers().get(i);
            assertEquals(SPACE.weights().get(layer.weights().mostProbable()), allocation.layers().get(i).weights());
            assertEquals(SPACE.activations().get(layer.activations().mostProbable()),
                    allocation.layers().get(i).activations());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theChoiceUnderTwoBudgetsIsTheBestOfAllSchemes(long seed) {
        Mlp network = network(seed);
        double operations = 0.03 * (1 + seed);
        double bytes = 0.1 + 0.05 * seed;
        Allocation chosen = network.allocation(List.of(new Budget(CostModel.BIT_OPERATIONS, operations, null),
                new Budget(CostModel.WEIGHT_BYTES, bytes, null)));
        assertTrue(share(chosen, CostModel.BIT_OPERATIONS) <= operations * (1 + 1e-9));
        assertTrue(share(chosen, CostModel.WEIGHT_BYTES) <= bytes * (1 + 1e-9));
        double best = Double.NEGATIVE_INFINITY;
        for (int code = 0; code < 81; code++) {
            int[] choice = {code % 3, code / 3 % 3, code / 9 % 3, code / 27};
            if (cost(network, CostModel.BIT_OPERATIONS, choice) <= operations
                    && cost(network, CostModel.WEIGHT_BYTES, choice) <= bytes) {
                best = Math.max(best, score(network, choice));
            }
        }
        int[] found = new int[4];
        for (int i = 0; i < 2; i++) {
            found[2 * i] = SPACE.weights().indexOf(chosen.layers().get(i).weights());
            found[2 * i + 1] = SPACE.activations().indexOf(chosen.layers().get(i).activations());
        }
        assertEquals(best, score(network, found), 1e-9);
    }

    private static double share(Allocation allocation, CostModel model) {
        return allocation.cost(model) / allocation.reference(model);
    }

    private static double cost(Mlp network, CostModel model, int[] choice) {
        NetworkCost cost = new NetworkCost(model, network);
        return cost.pair(network.layers().get(0), choice[0], choice[1])
                + cost.pair(network.layers().get(1), choice[2], choice[3]);
    }

    private static double score(Mlp network, int[] choice) {
        double score = 0;
        for (int t = 0; t < 4; t++) {
            score += network.tensors().get(t).alpha().value()[choice[t]];
        }
        return score;
    }

    @Test
    void aBudgetThatNoSchemeMeetsIsAnError() {
        Budget impossible = new Budget(CostModel.BIT_OPERATIONS, 1e-4, null);
        assertThrows(IllegalStateException.class, () -> network(1).allocation(List.of(impossible)));
        assertEquals(2.0 / 1024, impossible.cheapest(new NetworkSpec(List.of(7, 5, 3), ActivationFunction.RELU), SPACE),
                1e-12);
    }
}
