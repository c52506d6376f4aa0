package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelaxedChoiceTest {
    private static final float[] ALPHA = {0.3f, -1, 0.9f, 0.1f};
    private static final double[] SLOPES = {1, -2, 0.5, 3};

    private static RelaxedChoice choice(Relaxation relaxation, double temperature) {
        RelaxedChoice choice = new RelaxedChoice("layer.weights", ALPHA.length);
        System.arraycopy(ALPHA, 0, choice.alpha().value(), 0, ALPHA.length);
        choice.relaxation(relaxation);
        choice.temperature(temperature);
        return choice;
    }

    private static double[] softmax(double temperature) {
        double[] p = new double[ALPHA.length];
        for (int j = 0; j < p.length; j++) {
            p[j] = Math.exp(ALPHA[j] / temperature);
        }
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(value -> value / sum).toArray();
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int j = 1; j < values.length; j++) {
            best = values[j] > values[best] ? j : best;
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLargestOfASampleIsDistributedAsTheSoftmaxOfAlphaAtAnyTemperature(boolean hard) {
        int draws = 20_000;
        for (double temperature : new double[] {1, 0.3}) {
            RelaxedChoice choice = choice(new GumbelSoftmax(hard), temperature);
            int[] counts = new int[ALPHA.length];
            for (int draw = 0; draw < draws; draw++) {
                choice.draw(draw);
                counts[largest(choice.mixture(Pass.INNER))]++;
            }
            double[] p = softmax(1);
            for (int j = 0; j < p.length; j++) {
                double deviation = Math.sqrt(draws * p[j] * (1 - p[j]));
                assertEquals(draws * p[j], counts[j], 4 * deviation, "candidate " + j + " at " + temperature);
            }
        }
    }

    @Test
    void aDrawIsAFunctionOfTheSeedAndTheName() {
        RelaxedChoice choice = choice(new GumbelSoftmax(false), 1);
        choice.draw(5);
        double[] drawn = choice.mixture(Pass.INNER);
        choice.draw(6);
        assertFalse(Arrays.equals(drawn, choice.mixture(Pass.INNER)));
        choice.draw(5);
        assertArrayEquals(drawn, choice.mixture(Pass.INNER));
        RelaxedChoice other = new RelaxedChoice("layer.activations", ALPHA.length);
        System.arraycopy(ALPHA, 0, other.alpha().value(), 0, ALPHA.length);
        other.relaxation(new GumbelSoftmax(false));
        other.draw(5);
        assertFalse(Arrays.equals(drawn, other.mixture(Pass.INNER)));
    }

    @Test
    void softmaxDrawsNothingAndEvaluationHasNoChance() {
        RelaxedChoice soft = choice(new Softmax(), 0.5);
        soft.draw(3);
        assertArrayEquals(softmax(0.5), soft.mixture(Pass.INNER), 1e-12);
        RelaxedChoice gumbel = choice(new GumbelSoftmax(true), 0.5);
        gumbel.draw(3);
        assertArrayEquals(softmax(0.5), gumbel.mixture(Pass.EVALUATE_SOFT), 1e-12);
        assertArrayEquals(softmax(0.5), gumbel.probabilities(), 1e-12);
    }

    @Test
    void theHardSampleIsOneCandidateWhileAllKeepTheirGradient() {
        RelaxedChoice hard = choice(new GumbelSoftmax(true), 0.7);
        RelaxedChoice soft = choice(new GumbelSoftmax(false), 0.7);
        for (long draw = 0; draw < 20; draw++) {
            hard.draw(draw);
            soft.draw(draw);
            double[] one = new double[ALPHA.length];
            one[largest(soft.mixture(Pass.OUTER))] = 1;
            assertArrayEquals(one, hard.mixture(Pass.OUTER));
            assertArrayEquals(new boolean[] {true, true, true, true}, hard.evaluated(Pass.OUTER));
            assertEquals(1, count(hard.evaluated(Pass.INNER)), "an inner step runs what was drawn alone");
            assertArrayEquals(gradient(soft), gradient(hard));
        }
    }

    private static int count(boolean[] values) {
        int count = 0;
        for (boolean value : values) {
            count += value ? 1 : 0;
        }
        return count;
    }

    /** Gradient by alpha of {@code sum_j slope_j m_j}, {@code m} the mixture of an outer step. */
    private static float[] gradient(RelaxedChoice choice) {
        for (int j = 0; j < SLOPES.length; j++) {
            choice.mixtureGradient(Pass.OUTER)[j] += SLOPES[j];
        }
        choice.finishGradient();
        float[] gradient = choice.alpha().gradient().clone();
        choice.alpha().clearGradient();
        return gradient;
    }

    private static double value(RelaxedChoice choice) {
        double[] mixture = choice.mixture(Pass.OUTER);
        double sum = 0;
        for (int j = 0; j < SLOPES.length; j++) {
            sum += SLOPES[j] * mixture[j];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 0.7})
    void theGradientOfASoftSampleMatchesFiniteDifferencesWithTheSameNoise(double temperature) {
        for (Relaxation relaxation : new Relaxation[] {new Softmax(), new GumbelSoftmax(false)}) {
            RelaxedChoice choice = choice(relaxation, temperature);
            choice.draw(17);
            float[] gradient = gradient(choice);
            for (int j = 0; j < ALPHA.length; j++) {
                choice.alpha().value()[j] = ALPHA[j] + 1e-3f;
                double above = value(choice);
                choice.alpha().value()[j] = ALPHA[j] - 1e-3f;
                double below = value(choice);
                choice.alpha().value()[j] = ALPHA[j];
                assertEquals((above - below) / 2e-3, gradient[j], 2e-3, relaxation.label() + " " + j);
            }
        }
    }

    @Test
    void theGradientOfTheEntropyMatchesFiniteDifferences() {
        RelaxedChoice choice = choice(new GumbelSoftmax(false), 0.6);
        choice.draw(1);
        choice.addEntropyGradient(0.8);
        choice.finishGradient();
        for (int j = 0; j < ALPHA.length; j++) {
            choice.alpha().value()[j] = ALPHA[j] + 1e-3f;
            double above = choice.entropy();
            choice.alpha().value()[j] = ALPHA[j] - 1e-3f;
            double below = choice.entropy();
            choice.alpha().value()[j] = ALPHA[j];
            assertEquals(0.8 * (above - below) / 2e-3, choice.alpha().gradient()[j], 1e-3);
        }
    }

    @Test
    void theEntropyGoesFromThatOfEqualsToNone() {
        RelaxedChoice equal = new RelaxedChoice("equal", 4);
        assertEquals(Math.log(4), equal.entropy(), 1e-12);
        RelaxedChoice made = choice(new Softmax(), 0.01);
        assertEquals(0, made.entropy());
        made.addEntropyGradient(5);
        made.finishGradient();
        assertArrayEquals(new float[4], made.alpha().gradient());
    }

    @Test
    void thePenaltyOnEntropyRisesFromItsStartToTheEnd() {
        RelaxationSettings.EntropyPenalty penalty = new RelaxationSettings.EntropyPenalty(2, 0.5);
        assertEquals(0, penalty.at(0));
        assertEquals(0, penalty.at(0.5));
        assertEquals(1, penalty.at(0.75), 1e-12);
        assertEquals(2, penalty.at(1), 1e-12);
        assertTrue(RelaxationSettings.EntropyPenalty.NONE.at(1) == 0);
    }
}
