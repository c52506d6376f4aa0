package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every quantizer against {@link PaperFormula}: forward values, and the gradient of everything that has one. */
class QuantizerFormulaTest {
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void forwardIsThePapersFormula(Subject subject) {
        Quantizer quantizer = subject.initialized();
        for (int row = 0; row < Subject.ROWS; row++) {
            PaperFormula formula = subject.formula(quantizer, row);
            for (float x : subject.probes(quantizer, row, 2 + row)) {
                double[] point = Subject.point(quantizer, x);
                assertEquals(formula.quantize(point), subject.forward(quantizer, row, x)[0],
                        Subject.tolerance(formula, point), () -> "Q(" + x + ") at " + Arrays.toString(point));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void backwardIsThePapersGradientOfDataAndOfEveryParameter(Subject subject) {
        Quantizer quantizer = subject.initialized();
        for (int row = 0; row < Subject.ROWS; row++) {
            PaperFormula formula = subject.formula(quantizer, row);
            for (float x : subject.probes(quantizer, row, 12 + row)) {
                double[] point = Subject.point(quantizer, x);
                double[] expected = formula.gradients(point);
                double[] actual = gradients(quantizer, row, x);
                assertEquals(expected[0], actual[0], 0, () -> "dQ/dx at " + Arrays.toString(point));
                for (int k = 1; k < expected.length; k++) {
                    String name = "dQ/d" + quantizer.parameters().get(k - 1).name();
                    double scaled = expected[k] * formula.gradientScale(1);
                    double step = Math.max(point[1], Float.MIN_NORMAL);
                    double tolerance = 1e-6 + Math.min(0.2, 2 * Subject.tolerance(formula, point) / step);
                    assertEquals(scaled, actual[k], expected[0] == 1 ? tolerance : 1e-6 * Math.abs(scaled),
                            () -> name + " at " + Arrays.toString(point));
                }
            }
        }
    }

    /** Holds the closed forms of the papers themselves. */
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void closedFormsAreFiniteDifferencesOfTheStraightThroughSurrogate(Subject subject) {
        Quantizer quantizer = subject.initialized();
        for (int row = 0; row < Subject.ROWS; row++) {
            PaperFormula formula = subject.formula(quantizer, row);
            for (float x : subject.probes(quantizer, row, 22 + row)) {
                double[] point = Subject.point(quantizer, x);
                double[] expected = formula.gradients(point);
                for (int k = 0; k < point.length; k++) {
                    double step = 1e-7 * Math.max(Math.abs(point[k]), k == 0 ? formula.reach(point) : point[1]) + 1e-12;
                    double difference = formula.surrogate(moved(point, k, step), point)
                            - formula.surrogate(moved(point, k, -step), point);
                    assertEquals(expected[k], difference / (2 * step), 1e-3 * Math.max(1, Math.abs(expected[k])),
                            "coordinate " + k + " of " + Arrays.toString(point));
                }
            }
        }
    }

    private static double[] moved(double[] point, int coordinate, double by) {
        double[] moved = point.clone();
        moved[coordinate] += by;
        return moved;
    }

    /** Outside the range nothing is rounded: there the forward pass itself is smooth in scale, offset and clip. */
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void outsideTheRangeParameterGradientsAreFiniteDifferencesOfForward(Subject subject) {
        Quantizer quantizer = subject.initialized();
        PaperFormula formula = subject.formula(quantizer, 0);
        List<Parameter> parameters = quantizer.parameters();
        float far = (float) (8 * formula.reach(Subject.point(quantizer, 0)) + 1);
        for (float x : new float[] {far, -far}) {
            double[] actual = gradients(quantizer, 0, x);
            for (int k = 0; k < parameters.size(); k++) {
                float[] value = parameters.get(k).value();
                float present = value[0];
                float step = Math.max(Math.abs(present), 0.25f) / 64;
                step = k == 0 ? present / 64 : step;
                value[0] = present + step;
                double difference = subject.forward(quantizer, 0, x)[0];
                double moved = value[0];
                value[0] = present - step;
                difference -= subject.forward(quantizer, 0, x)[0];
                moved -= value[0];
                value[0] = present;
                double expected = difference / moved * formula.gradientScale(1);
                assertEquals(expected, actual[k + 1], 1e-4 * Math.max(Math.abs(expected), 0.1),
                        "dQ/d" + parameters.get(k).name() + " at " + x);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void gradientsAreWeightedSummedOverRowsAndScaledByTheirNumber(Subject subject) {
        Quantizer quantizer = subject.initialized();
        Random random = new Random(3);
        float weight = 0.375f;
        int count = Subject.ROWS * Subject.COLUMNS;
        float[] data = new float[count];
        float[] gradient = new float[count];
        float[] dataGradient = new float[count];
        double[] expected = new double[1 + quantizer.parameters().size()];
        double[] size = new double[expected.length];
        double[] expectedData = new double[count];
        for (int row = 0; row < Subject.ROWS; row++) {
            PaperFormula formula = subject.formula(quantizer, row);
            System.arraycopy(subject.probes(quantizer, row, 32 + row), 0, data, row * Subject.COLUMNS, Subject.COLUMNS);
            for (int i = row * Subject.COLUMNS; i < (row + 1) * Subject.COLUMNS; i++) {
                gradient[i] = (float) random.nextGaussian();
                dataGradient[i] = i;
                double[] terms = formula.gradients(Subject.point(quantizer, data[i]));
                expectedData[i] = i + weight * gradient[i] * terms[0];
                for (int k = 1; k < terms.length; k++) {
                    double term = weight * gradient[i] * terms[k] * formula.gradientScale(count);
                    expected[k] += 2 * term;
                    size[k] += Math.abs(term);
                }
            }
        }
        // Twice, since gradients accumulate until they are cleared.
        float[] second = new float[count];
        for (float[] target : List.of(dataGradient, second)) {
            for (int row = 0; row < Subject.ROWS; row++) {
                quantizer.backward(row, data, row * Subject.COLUMNS, Subject.COLUMNS, gradient, weight, target);
            }
            quantizer.finishBackward(Subject.ROWS, Subject.COLUMNS);
        }
        for (int i = 0; i < count; i++) {
            assertEquals(expectedData[i], dataGradient[i], 1e-6 * (1 + i));
        }
        for (int k = 1; k < expected.length; k++) {
            Parameter parameter = quantizer.parameters().get(k - 1);
            assertEquals(expected[k], parameter.gradient()[0], 1e-5 * size[k] + 1e-6, parameter.name());
            parameter.clearGradient();
            assertEquals(0, parameter.gradient()[0]);
        }
    }

    /** Gradients of one value alone: {@code {dQ/dx, dQ/dparameter...}}, with N = 1. */
    private static double[] gradients(Quantizer quantizer, int row, float x) {
        float[] dataGradient = new float[1];
        quantizer.parameters().forEach(Parameter::clearGradient);
        quantizer.backward(row, new float[] {x}, 0, 1, new float[] {1}, 1, dataGradient);
        quantizer.finishBackward(1, 1);
        double[] gradients = new double[1 + quantizer.parameters().size()];
        gradients[0] = dataGradient[0];
        for (int k = 1; k < gradients.length; k++) {
            gradients[k] = quantizer.parameters().get(k - 1).gradient()[0];
        }
        return gradients;
    }
}
