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
            int unit = subject.unit(row);
            PaperFormula formula = subject.formula(quantizer, unit);
            for (float x : subject.probes(quantizer, unit, 2 + row)) {
                double[] point = Subject.point(quantizer, unit, x);
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
            int unit = subject.unit(row);
            PaperFormula formula = subject.formula(quantizer, unit);
            for (float x : subject.probes(quantizer, unit, 12 + row)) {
                double[] point = Subject.point(quantizer, unit, x);
                double[] expected = formula.gradients(point);
                double[] actual = gradients(quantizer, row, unit, x);
                assertEquals(expected[0], actual[0], 1e-6 * expected[0], () -> "dQ/dx at " + Arrays.toString(point));
                for (int k = 1; k < expected.length; k++) {
                    String name = "dQ/d" + quantizer.parameters().get(k - 1).name();
                    double scaled = expected[k] * formula.gradientScale(subject.count(unit));
                    double step = Math.max(point[1], Float.MIN_NORMAL);
                    double tolerance = 1e-6 + Math.min(0.2, 2 * Subject.tolerance(formula, point) / step)
                            * formula.gradientScale(subject.count(unit));
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
            int unit = subject.unit(row);
            PaperFormula formula = subject.formula(quantizer, unit);
            for (float x : subject.probes(quantizer, unit, 22 + row)) {
                double[] point = Subject.point(quantizer, unit, x);
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
        int unit = subject.unit(0);
        PaperFormula formula = subject.formula(quantizer, unit);
        List<Parameter> parameters = quantizer.parameters();
        float far = (float) (8 * formula.reach(Subject.point(quantizer, unit, 0)) + 1);
        for (float x : new float[] {far, -far}) {
            double[] actual = gradients(quantizer, 0, unit, x);
            for (int k = 0; k < parameters.size(); k++) {
                float[] value = parameters.get(k).value();
                float present = value[unit];
                float step = Math.max(Math.abs(present), 0.25f) / 64;
                step = k == 0 ? present / 64 : step;
                value[unit] = present + step;
                double difference = subject.forward(quantizer, 0, x)[0];
                double moved = value[unit];
                value[unit] = present - step;
                difference -= subject.forward(quantizer, 0, x)[0];
                moved -= value[unit];
                value[unit] = present;
                double expected = difference / moved * formula.gradientScale(subject.count(unit));
                assertEquals(expected, actual[k + 1], 1e-4 * Math.max(Math.abs(expected), 0.1),
                        "dQ/d" + parameters.get(k).name() + " at " + x);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Subject#all")
    void gradientsAreWeightedAndSummedOverTheValuesOfAUnitAndScaledByTheirNumber(Subject subject) {
        Quantizer quantizer = subject.initialized();
        Random random = new Random(3);
        float weight = 0.375f;
        int count = Subject.ROWS * Subject.COLUMNS;
        float[] data = new float[count];
        float[] gradient = new float[count];
        float[] dataGradient = new float[count];
        int units = quantizer.partition().units();
        double[][] expected = new double[quantizer.parameters().size()][units];
        double[][] size = new double[quantizer.parameters().size()][units];
        double[] expectedData = new double[count];
        for (int i = 0; i < count; i++) {
            int column = i % Subject.COLUMNS;
            int unit = subject.unit(i / Subject.COLUMNS, column, Subject.COLUMNS);
            PaperFormula formula = subject.formula(quantizer, unit);
            data[i] = subject.probes(quantizer, unit, 32 + unit)[column];
            gradient[i] = (float) random.nextGaussian();
            dataGradient[i] = i;
            double[] terms = formula.gradients(Subject.point(quantizer, unit, data[i]));
            expectedData[i] = i + weight * gradient[i] * terms[0];
            for (int k = 1; k < terms.length; k++) {
                double term = weight * gradient[i] * terms[k] * formula.gradientScale(subject.count(unit));
                expected[k - 1][unit] += 2 * term;
                size[k - 1][unit] += Math.abs(term);
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
        for (int k = 0; k < expected.length; k++) {
            Parameter parameter = quantizer.parameters().get(k);
            for (int unit = 0; unit < units; unit++) {
                assertEquals(expected[k][unit], parameter.gradient()[unit], 1e-5 * size[k][unit] + 1e-6,
                        parameter.name());
            }
            parameter.clearGradient();
            assertEquals(0, parameter.gradient()[0]);
        }
    }

    /** Gradients of one value alone: {@code {dQ/dx, dQ/dparameter...}}. */
    private static double[] gradients(Quantizer quantizer, int row, int unit, float x) {
        float[] dataGradient = new float[1];
        quantizer.parameters().forEach(Parameter::clearGradient);
        quantizer.backward(row, new float[] {x}, 0, 1, new float[] {1}, 1, dataGradient);
        quantizer.finishBackward(Subject.ROWS, Subject.COLUMNS);
        double[] gradients = new double[1 + quantizer.parameters().size()];
        gradients[0] = dataGradient[0];
        for (int k = 1; k < gradients.length; k++) {
            gradients[k] = quantizer.parameters().get(k - 1).gradient()[unit];
        }
        return gradients;
    }
}
