package dev.darq.search;

import static dev.darq.search.SchemeSpaceTest.space;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RandomSchemesTest {
    private static final NetworkSpec NETWORK = new MlpSpec(List.of(40, 16, 12, 16, 10), ActivationFunction.TANH);
    private static final SearchSpace PAIRS = space("lq1 lq2 uniform4 pact4 uniform8", "lq1 lq3 pact4");
    private static final SchemeSpace SPACE = new SchemeSpace(NETWORK, PAIRS);

    /** Models with a largest cost that some schemes have. */
    static List<Arguments> windows() {
        return List.of(Arguments.of(CostModel.BIT_OPERATIONS, 0.004), Arguments.of(CostModel.WEIGHT_BYTES, 0.18),
                Arguments.of(SchemeSpaceTest.latency(NETWORK, PAIRS), 0.08));
    }

    private static Set<MixedPrecision> inWindow(CostModel model, double least, double most) {
        return SPACE.all(100_000).stream().filter(
                scheme -> scheme.fraction(model, NETWORK) >= least && scheme.fraction(model, NETWORK) <= most)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("windows")
    void whereTheWindowHasFewSchemesAllOfThemAreFound(CostModel model, double most) {
        Set<MixedPrecision> expected = inWindow(model, most * 0.9, most);
        assertTrue(expected.size() > 20, "the test needs a window with schemes, got " + expected.size());
        List<MixedPrecision> drawn = new RandomSchemes(SPACE, model, most * 0.9, most).draw(1_000_000, 5);
        assertEquals(expected, new HashSet<>(drawn));
        assertEquals(expected.size(), drawn.size());
    }

    @Test
    void drawnSchemesLieInTheWindowAndDoNotRepeat() {
        List<MixedPrecision> drawn = new RandomSchemes(SPACE, CostModel.BIT_OPERATIONS, 0.0095, 0.01).draw(20, 5);
        assertEquals(20, new HashSet<>(drawn).size());
        assertTrue(inWindow(CostModel.BIT_OPERATIONS, 0.0095, 0.01).containsAll(drawn));
    }

    @Test
    void everySchemeOfAWideWindowIsEquallyLikely() {
        Set<MixedPrecision> all = inWindow(CostModel.BIT_OPERATIONS, 0.003, 0.02);
        assertTrue(all.size() > 20_000, "small windows are listed, got " + all.size());
        List<MixedPrecision> drawn = new RandomSchemes(SPACE, CostModel.BIT_OPERATIONS, 0.003, 0.02).draw(4000, 3);
        assertEquals(4000, drawn.size());
        for (int l = 0; l < 4; l++) {
            for (MixedPrecision pair : SPACE.uniform()) {
                double expected = share(all, l, pair);
                double deviation = Math.sqrt(expected * (1 - expected) / 4000);
                assertEquals(expected, share(drawn, l, pair), 5 * deviation + 1e-9, "layer " + l + " " + pair);
            }
        }
    }

    private static double share(Collection<MixedPrecision> schemes, int layer, MixedPrecision pair) {
        return schemes.stream().filter(scheme -> scheme.layers().get(layer).equals(pair.layers().getFirst())).count()
                / (double) schemes.size();
    }

    @Test
    void theSeedDecides() {
        RandomSchemes schemes = new RandomSchemes(SPACE, CostModel.BIT_OPERATIONS, 0.003, 0.02);
        assertEquals(schemes.draw(20, 1), schemes.draw(20, 1));
        assertNotEquals(schemes.draw(20, 1), schemes.draw(20, 2));
    }

    @Test
    void anImpossibleWindowHasNone() {
        assertEquals(List.of(), new RandomSchemes(SPACE, CostModel.BIT_OPERATIONS, 1e-6, 1e-5).draw(20, 1));
    }
}
