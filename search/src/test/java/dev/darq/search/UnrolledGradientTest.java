package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.quantizers.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hypergradient on a bilevel problem where it is known. */
class UnrolledGradientTest {
    /**
     * {@code L_tr = a/2 |w|^2 - w B alpha}, whose minimum is {@code w* = B alpha / a}, and
     * {@code L_val = 1/2 |w - c|^2 + d/2 |alpha|^2}.
     */
    private static final class Quadratic implements BilevelProblem {
        static final float A = 2;
        static final float D = 0.1f;
        static final float[][] B = {{1, -0.5f}, {0.3f, 2}, {-1.2f, 0.4f}};
        static final float[] C = {1, -2, 0.5f};
        final Parameter w = new Parameter("w", 3);
        final Parameter alpha = new Parameter("alpha", 2);

        Quadratic() {
            System.arraycopy(new float[] {0.5f, 0.2f, -0.7f}, 0, w.value(), 0, 3);
            System.arraycopy(new float[] {0.8f, -0.3f}, 0, alpha.value(), 0, 2);
        }

        @Override
        public List<Parameter> alphas() {
            return List.of(alpha);
        }

        @Override
        public double innerByWeights() {
            for (int i = 0; i < 3; i++) {
                w.gradient()[i] += A * w.value()[i] - B[i][0] * alpha.value()[0] - B[i][1] * alpha.value()[1];
            }
            return 0;
        }

        @Override
        public double innerByAlphas() {
            for (int j = 0; j < 2; j++) {
                for (int i = 0; i < 3; i++) {
                    alpha.gradient()[j] -= B[i][j] * w.value()[i];
                }
            }
            return 0;
        }

        @Override
        public double outerByBoth() {
            double loss = 0;
            for (int i = 0; i < 3; i++) {
                w.gradient()[i] += w.value()[i] - C[i];
                loss += 0.5 * (w.value()[i] - C[i]) * (w.value()[i] - C[i]);
            }
            for (int j = 0; j < 2; j++) {
                alpha.gradient()[j] += D * alpha.value()[j];
                loss += 0.5 * D * alpha.value()[j] * alpha.value()[j];
            }
            return loss;
        }
    }

    /** DARTS's optimizer: SGD with momentum and an L2 penalty. */
    private record Sgd(Parameter w, float momentum, float decay, float[] buffer) implements LookAhead {
        @Override
        public List<Parameter> parameters() {
            return List.of(w);
        }

        @Override
        public List<float[]> lookAhead(double learningRate) {
            float[] slopes = new float[buffer.length];
            for (int i = 0; i < slopes.length; i++) {
                w.value()[i] -= (float) (learningRate
                        * (momentum * buffer[i] + w.gradient()[i] + decay * w.value()[i]));
                slopes[i] = (float) learningRate;
            }
            return List.of(slopes);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0, 0", "0.1, 0.9, 0", "0.05, 0.9, 0.03", "0.5, 0.5, 0.3"})
    void secondOrderIsTheGradientThroughTheStepOfDarts(double rate, float momentum, float decay) {
        Quadratic problem = new Quadratic();
        float[] buffer = {0.2f, -0.4f, 0.1f};
        float[] w = problem.w.value().clone();
        float[] alpha = problem.alpha.value().clone();
        new UnrolledGradient(problem, List.of(new Sgd(problem.w, momentum, decay, buffer))).compute(rate);
        // By hand: w' = w - xi (m b + a w - B alpha + decay w), dw'/dalpha = xi B.
        for (int j = 0; j < 2; j++) {
            double expected = Quadratic.D * alpha[j];
            for (int i = 0; i < 3; i++) {
                double step = momentum * buffer[i] + (Quadratic.A + decay) * w[i] - Quadratic.B[i][0] * alpha[0]
                        - Quadratic.B[i][1] * alpha[1];
                expected += rate * Quadratic.B[i][j] * (w[i] - rate * step - Quadratic.C[i]);
            }
            assertEquals(expected, problem.alpha.gradient()[j], 2e-5);
        }
        assertArrayEquals(w, problem.w.value());
        assertArrayEquals(new float[3], problem.w.gradient());
    }

    @Test
    void withoutAStepItIsTheFirstOrderThePartialGradient() {
        Quadratic problem = new Quadratic();
        new UnrolledGradient(problem, List.of(new Sgd(problem.w, 0.9f, 0.1f, new float[3]))).compute(0);
        assertArrayEquals(new float[] {Quadratic.D * 0.8f, Quadratic.D * -0.3f}, problem.alpha.gradient());
    }

    /** One step of rate 1/a reaches w*(alpha), so the second order descends the true bilevel objective. */
    @Test
    void secondOrderFindsTheBilevelOptimumWhereFirstOrderCannot() {
        Quadratic second = new Quadratic();
        descend(second, 1 / Quadratic.A);
        // 0 = d alpha + B^T (B alpha / a - c) / a
        for (int j = 0; j < 2; j++) {
            double residual = Quadratic.D * second.alpha.value()[j];
            for (int i = 0; i < 3; i++) {
                double weight = (Quadratic.B[i][0] * second.alpha.value()[0]
                        + Quadratic.B[i][1] * second.alpha.value()[1]) / Quadratic.A;
                residual += Quadratic.B[i][j] * (weight - Quadratic.C[i]) / Quadratic.A;
            }
            assertEquals(0, residual, 1e-4);
        }
        Quadratic first = new Quadratic();
        descend(first, 0);
        assertArrayEquals(new float[2], first.alpha.value(), 1e-3f);
        assertTrue(Math.abs(second.alpha.value()[1]) > 0.5, "the optimum lies elsewhere");
    }

    private static void descend(Quadratic problem, double rate) {
        UnrolledGradient unrolled = new UnrolledGradient(problem,
                List.of(new Sgd(problem.w, 0, 0, new float[3])));
        for (int step = 0; step < 400; step++) {
            unrolled.compute(rate);
            for (int j = 0; j < 2; j++) {
                problem.alpha.value()[j] -= 0.3f * problem.alpha.gradient()[j];
            }
        }
    }

    private static Adam trained(Quadratic problem) {
        Adam adam = new Adam(List.of(problem.w), 0.9, 0.999, 0.05);
        for (int step = 0; step < 5; step++) {
            problem.innerByWeights();
            problem.w.gradient()[1] *= step - 2;
            adam.step(0.05);
        }
        return adam;
    }

    @Test
    void withAdamItIsTheDerivativeOfTheLossAfterItsNextStep() {
        Quadratic problem = new Quadratic();
        new UnrolledGradient(problem, List.of(trained(problem))).compute(0.05);
        for (int j = 0; j < 2; j++) {
            double slope = (lossAfterStep(j, 0.004f) - lossAfterStep(j, -0.004f)) / 0.008;
            assertEquals(slope, problem.alpha.gradient()[j], 2e-4);
            assertTrue(Math.abs(slope - Quadratic.D * problem.alpha.value()[j]) > 2e-3, "the partial gradient differs");
        }
    }

    private static double lossAfterStep(int j, float change) {
        Quadratic problem = new Quadratic();
        Adam adam = trained(problem);
        problem.alpha.value()[j] += change;
        problem.innerByWeights();
        adam.step(0.05);
        return problem.outerByBoth();
    }

    @Test
    void theOptimizerGoesOnAsIfNothingHadBeenTried() {
        Quadratic tried = new Quadratic();
        Quadratic plain = new Quadratic();
        Adam triedAdam = trained(tried);
        Adam plainAdam = trained(plain);
        new UnrolledGradient(tried, List.of(triedAdam)).compute(0.05);
        for (int step = 0; step < 3; step++) {
            tried.innerByWeights();
            triedAdam.step(0.05);
            plain.innerByWeights();
            plainAdam.step(0.05);
            assertArrayEquals(plain.w.value(), tried.w.value());
        }
    }

    @Test
    void aWeightThatNothingReachesHasNoPart() {
        Parameter w = new Parameter("w", 2);
        w.gradient()[0] = 0.5f;
        List<float[]> slopes = new Adam(List.of(w), 0.9, 0.999, 0).lookAhead(0.1);
        // With fresh moments Adam's step is the sign of the gradient, which does not change with it.
        assertArrayEquals(new float[] {0, 0}, slopes.getFirst(), 1e-6f);
    }
}
