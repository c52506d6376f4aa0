package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After initialisation no scheme is worse than the naive quantizer of as many bits, whose range is that of the data. */
class NaiveErrorTest {
    @ParameterizedTest
    @MethodSource("withoutExceptions")
    void theErrorIsAtMostThatOfTheRangeOfTheData(Subject subject) {
        float[] data = subject.data(31, 4, 512);
        float[] quantized = subject.forwardRows(subject.initialized(data, 4), data, 4);
        double error = Statistics.squaredDistance(data, quantized, 0, data.length);
        double naive = naiveError(subject, data);
        assertTrue(error <= 1.001 * naive, subject + ": " + error / naive + " times the naive error");
    }

    static Stream<Subject> withoutExceptions() {
        return Subject.all().filter(subject -> !isException(subject));
    }

    /** Schemes whose definition says otherwise. */
    private static boolean isException(Subject subject) {
        return switch (subject.scheme()) {
            // The paper starts from the mean magnitude, which is too wide a step for more than 2 bits.
            case LSQ -> subject.bits() > 2;
            // The paper starts weights from three deviations: with many bits the clipped tails outweigh the rounding.
            case LSQ_PLUS -> subject.role() == Role.WEIGHTS && subject.bits() > 2;
            // Whoever asks for a percentile gets it: with many bits, or few values, too many tails are clipped.
            case UNIFORM, AFFINE -> subject.settings().clip() == Clip.PERCENTILE && subject.bits() > 2;
            // A half has 11 significant bits and a wide range instead of 16 bits over the range of the data.
            case FLOAT -> subject.bits() == 16;
            default -> false;
        };
    }

    /** Each unit by itself: {@code min..max} where the scheme's codes may lie anywhere, else {@code -max|x|..max|x|}. */
    private static double naiveError(Subject subject, float[] data) {
        int units = subject.create(4, 512).partition().units();
        double[] low = new double[units];
        double[] high = new double[units];
        for (int i = 0; i < data.length; i++) {
            int unit = subject.unit(i / 512, i % 512, 512);
            low[unit] = Math.min(low[unit], data[i]);
            high[unit] = Math.max(high[unit], data[i]);
        }
        double error = 0;
        for (int i = 0; i < data.length; i++) {
            int unit = subject.unit(i / 512, i % 512, 512);
            error += Math.pow(data[i] - naive(subject, data[i], low[unit], high[unit]), 2);
        }
        return error;
    }

    private static double naive(Subject subject, double x, double low, double high) {
        int bits = subject.bits();
        boolean anywhere = switch (subject.scheme()) {
            case AFFINE, LSQ_PLUS -> subject.role() == Role.ACTIVATIONS || subject.scheme() == Scheme.AFFINE;
            case LQ, LQ_GRADIENT -> subject.settings().lqWeightOffset();
            case LSQ, PACT -> !subject.negative();
            default -> false;
        };
        if (anywhere) {
            double step = (high - low) / ((1 << bits) - 1);
            double zero = Math.rint(-low / step);
            return bits == 1
                    ? (x >= (low + high) / 2 ? high : low)
                    : (Math.clamp(Math.rint(x / step) + zero, 0, (1 << bits) - 1) - zero) * step;
        }
        double magnitude = Math.max(-low, high);
        double step = magnitude / ((1 << (bits - 1)) - 1);
        return bits == 1 ? (x >= 0 ? magnitude : -magnitude) : Math.rint(x / step) * step;
    }
}
