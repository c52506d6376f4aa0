package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiplierTest {
    @Test
    void dualAscentRaisesLambdaOverTheBudgetAndLowersItToZeroUnderIt() {
        Multiplier multiplier = new Budget(CostModel.BIT_OPERATIONS, 0.1, null).multiplier();
        multiplier.update(0.2);
        double raised = multiplier.lambda();
        assertTrue(raised > 0);
        multiplier.update(0.15);
        assertTrue(multiplier.lambda() > raised);
        for (int i = 0; i < 10; i++) {
            multiplier.update(0);
        }
        assertEquals(0, multiplier.lambda());
    }

    @Test
    void aFixedLambdaStays() {
        Multiplier multiplier = new Budget(CostModel.BIT_OPERATIONS, null, 0.3).multiplier();
        multiplier.update(0.9);
        assertEquals(0.3, multiplier.lambda());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.013, 0.2, 7})
    void theUncertaintyOfATermComesToRestAtItsLogarithm(double value) {
        Multiplier multiplier = Multiplier.of(Weighting.UNCERTAINTY, null, null);
        assertEquals(0, multiplier.lambda(), "nothing is known yet");
        multiplier.update(1);
        assertEquals(1, multiplier.lambda(), 1e-12);
        for (int step = 0; step < 3000; step++) {
            multiplier.update(value);
        }
        assertEquals(Math.log(value), -Math.log(multiplier.lambda()), 1e-6);
        double rest = multiplier.lambda();
        multiplier.update(value);
        assertEquals(rest, multiplier.lambda(), 1e-6 * rest);
    }

    @Test
    void theUncertaintyBeginsWhereTheFirstValueRests() {
        Multiplier multiplier = Multiplier.of(Weighting.UNCERTAINTY, null, null);
        multiplier.update(0.02);
        assertEquals(50, multiplier.lambda(), 1e-9);
    }

    @Test
    void aTermOfZeroCountsAsAHundredth() {
        Multiplier multiplier = Multiplier.of(Weighting.UNCERTAINTY, null, null);
        for (int step = 0; step < 5000; step++) {
            multiplier.update(0);
        }
        assertEquals(100, multiplier.lambda(), 1e-6);
    }

    @Test
    void aTermHasWhatItsWeightingNeedsAndNothingElse() {
        assertThrows(IllegalArgumentException.class, () -> new Budget(CostModel.BIT_OPERATIONS, null, null));
        assertThrows(IllegalArgumentException.class, () -> new Budget(CostModel.BIT_OPERATIONS, 0.1, 0.1));
        assertThrows(IllegalArgumentException.class,
                () -> new Budget(CostModel.BIT_OPERATIONS, null, 0.1, Weighting.UNCERTAINTY, 1));
        assertThrows(IllegalArgumentException.class, () -> new ErrorTerm(Weighting.UNCERTAINTY, null, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new ErrorTerm(Weighting.DUAL_ASCENT, null, null));
        assertEquals(new ErrorTerm(Weighting.FIXED, null, 0.2), ErrorTerm.fixed(0.2));
    }
}
