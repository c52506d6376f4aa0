package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.darq.quantizers.Parameter;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurvatureTest {
    /** {@code f = 1/2 x^T R diag(eigenvalues) R^T x} over two parameters, R a rotation in two of the three dimensions. */
    @ParameterizedTest
    @CsvSource({"3, 1, 0.5, 3", "-5, 2, 0.1, 2", "-1, -3, -0.5, -0.5", "0.02, 0.01, 0, 0.02"})
    void ofAQuadraticTheLargestEigenvalueIsFound(double first, double second, double third, double largest) {
        Parameter x = new Parameter("x", 2);
        Parameter y = new Parameter("y", 1);
        x.value()[0] = 0.7f;
        y.value()[0] = -1.3f;
        double cos = Math.cos(0.6);
        double sin = Math.sin(0.6);
        Curvature curvature = new Curvature(List.of(x, y), () -> {
            double u = cos * x.value()[0] + sin * x.value()[1];
            double v = -sin * x.value()[0] + cos * x.value()[1];
            x.gradient()[0] += (float) (cos * first * u - sin * second * v);
            x.gradient()[1] += (float) (sin * first * u + cos * second * v);
            y.gradient()[0] += (float) (third * y.value()[0]);
        }, 0.05);
        assertEquals(largest, curvature.largestEigenvalue(1), 5e-3 * Math.abs(largest) + 1e-6);
        assertArrayEquals(new float[] {0.7f, 0}, x.value());
        assertArrayEquals(new float[] {-1.3f}, y.value());
        assertArrayEquals(new float[2], x.gradient());
    }

    private static final class Course {
        final CurvatureStop rule;
        final Parameter alpha = new Parameter("alpha", 2);
        int epoch;

        Course(int window, double factor) {
            rule = new CurvatureStop(new EarlyStopping(1, factor, window));
        }

        TrainingListener.@Nullable EarlyStop next(double curvature) {
            epoch++;
            alpha.value()[0] = epoch;
            return rule.after(epoch, curvature, List.of(alpha));
        }
    }

    @Test
    void growthBeyondTheFactorTakesTheEarlierAlphasBack() {
        Course course = new Course(2, 1.3);
        assertNull(course.next(1));
        assertNull(course.next(1));
        assertNull(course.next(1.2), "a mean of 1.1 over 1");
        assertEquals(new TrainingListener.EarlyStop(4, 2, 1.5), course.next(1.8), "a mean of 1.5 over 1");
        assertArrayEquals(new float[] {2, 0}, course.alpha.value());
    }

    @Test
    void steadyFallingOrMissingCurvatureStopsNothing() {
        Course course = new Course(1, 1.3);
        for (double curvature : new double[] {0, 0.5, 0.6, 0.6, 0.1, 0, 0, 3, -0.1, -0.2, 3}) {
            assertNull(course.next(curvature));
        }
        assertEquals(11, course.alpha.value()[0]);
    }

    @Test
    void isMeasuredEverySoManyEpochs() {
        CurvatureStop rule = new CurvatureStop(new EarlyStopping(3, 1.3, 2));
        assertEquals(List.of(3, 6, 9), IntStream.rangeClosed(1, 10).filter(rule::measures).boxed()
                .toList());
    }
}
