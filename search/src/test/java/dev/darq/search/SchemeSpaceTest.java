package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemeSpaceTest {
    private static final NetworkSpec NETWORK = new MlpSpec(List.of(6, 5, 4), ActivationFunction.TANH);
    private static final SchemeSpace SPACE = new SchemeSpace(NETWORK, space("lq1 lq2 uniform8", "lq1 pact4"));

    static SearchSpace space(String weights, String activations) {
        return new SearchSpace(candidates(weights), candidates(activations));
    }

    private static List<Candidate> candidates(String names) {
        return Stream.of(names.split(" ")).map(Candidate::parse).toList();
    }

    @Test
    void everyPairGivesOneUniformScheme() {
        assertEquals(
                List.of("lq1/lq1,lq1/lq1", "lq1/pact4,lq1/pact4", "lq2/lq1,lq2/lq1", "lq2/pact4,lq2/pact4",
                        "uniform8/lq1,uniform8/lq1", "uniform8/pact4,uniform8/pact4"),
                SPACE.uniform().stream().map(MixedPrecision::toString).toList());
    }

    @Test
    void allSchemesAreDifferentAndOfTheSpace() {
        List<MixedPrecision> all = SPACE.all(36);
        assertEquals(36, new HashSet<>(all).size());
        assertTrue(all.containsAll(SPACE.uniform()));
        all.forEach(scheme -> assertEquals(scheme, MixedPrecision.parse(scheme.toString())));
    }

    @Test
    void moreSchemesThanTheLimitAreRefusedWithTheirNumber() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> SPACE.all(35));
        assertEquals("the space has 36 schemes, too many to train them all (at most 35)", refused.getMessage());
        NetworkSpec deep = new MlpSpec(Collections.nCopies(41, 4), ActivationFunction.TANH);
        assertThrows(IllegalArgumentException.class, () -> new SchemeSpace(deep, space("lq1 lq2", "lq1")).all(1000));
    }

    @Test
    void theCostIsTheSumOverTheLayersAsAFractionOfFloat32() {
        MixedPrecision scheme = MixedPrecision.parse("lq2/pact4,lq1/lq1");
        assertEquals(30 * 2 * 4 + 20, scheme.cost(CostModel.BIT_OPERATIONS, NETWORK));
        assertEquals((30 * 8 + 20) / (50 * 1024.0), scheme.fraction(CostModel.BIT_OPERATIONS, NETWORK), 1e-15);
        assertEquals(5 * (2 + 12 + 4) + 4 * (1 + 8 + 4), scheme.cost(CostModel.WEIGHT_BYTES, NETWORK));
        assertThrows(IllegalArgumentException.class, () -> MixedPrecision.parse("lq2,lq1"));
    }

    /** Every layer takes as many microseconds as it has weight bits, and the model 3 besides. */
    static Latency latency(NetworkSpec network, SearchSpace space) {
        Map<LatencyTable.Entry, Double> times = new HashMap<>();
        LatencyTable.needed(network.shapes(), LayerRules.NONE.spaces(network.shapes(), space))
                .forEach(entry -> times.put(entry, (double) entry.weights().bits()));
        return new Latency("latency.json", new LatencyTable(3, times));
    }

    @Test
    void whatAModelCostsBesideItsLayersCounts() {
        CostModel latency = latency(NETWORK, space("lq1 lq2 uniform8", "lq1 pact4"));
        MixedPrecision scheme = MixedPrecision.parse("lq2/pact4,lq1/lq1");
        assertEquals(6, scheme.cost(latency, NETWORK));
        assertEquals(6.0 / 67, scheme.fraction(latency, NETWORK), 1e-15);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theCheapestSchemeIsTheCheapestOfAll(CostModel model) {
        assertEquals(SPACE.all(36).stream().mapToDouble(scheme -> scheme.fraction(model, NETWORK)).min().orElseThrow(),
                SPACE.cheapest(model), 1e-15);
    }

    static List<CostModel> models() {
        return List.of(CostModel.BIT_OPERATIONS, CostModel.WEIGHT_BYTES,
                latency(NETWORK, space("lq1 lq2 uniform8", "lq1 pact4")));
    }
}
