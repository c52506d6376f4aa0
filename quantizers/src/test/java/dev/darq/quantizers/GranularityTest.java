package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GranularityTest {
    static Stream<Candidate> weightCandidates() {
        return Candidate.all().stream().filter(
                candidate -> candidate.scheme() != Scheme.FLOAT && candidate.scheme().roles().contains(Role.WEIGHTS));
    }

    private static float[] quantized(Candidate candidate, Granularity granularity, float[] data, int rows) {
        Subject subject = new Subject(candidate, Role.WEIGHTS, true,
                Subject.PLAIN.withGranularity(granularity, Subject.GROUP));
        return subject.forwardRows(subject.initialized(data, rows), data, rows);
    }

    private static float[] data(Candidate candidate) {
        return new Subject(candidate, Role.WEIGHTS, true, false).data(1);
    }

    @ParameterizedTest
    @MethodSource("weightCandidates")
    void aChannelIsQuantizedAsIfItWereTheWholeMatrix(Candidate candidate) {
        float[] data = data(candidate);
        float[] together = quantized(candidate, Granularity.CHANNEL, data, Subject.ROWS);
        for (int row = 0; row < Subject.ROWS; row++) {
            int from = row * Subject.COLUMNS;
            float[] alone = quantized(candidate, Granularity.TENSOR,
                    Arrays.copyOfRange(data, from, from + Subject.COLUMNS), 1);
            assertArrayEquals(alone, Arrays.copyOfRange(together, from, from + Subject.COLUMNS));
        }
    }

    @ParameterizedTest
    @MethodSource("weightCandidates")
    void aGroupIsQuantizedAsIfItWereTheWholeMatrix(Candidate candidate) {
        float[] data = data(candidate);
        float[] together = quantized(candidate, Granularity.GROUP, data, Subject.ROWS);
        for (int row = 0; row < Subject.ROWS; row++) {
            for (int column = 0; column < Subject.COLUMNS; column += Subject.GROUP) {
                int from = row * Subject.COLUMNS + column;
                int to = Math.min(from + Subject.GROUP, (row + 1) * Subject.COLUMNS);
                float[] alone = quantized(candidate, Granularity.TENSOR, Arrays.copyOfRange(data, from, to), 1);
                assertArrayEquals(alone, Arrays.copyOfRange(together, from, to));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("weightCandidates")
    void withoutASettingTheGranularityIsThatOfThePaper(Candidate candidate) {
        float[] data = data(candidate);
        assertArrayEquals(quantized(candidate, candidate.scheme().weightGranularity(), data, Subject.ROWS),
                quantized(candidate, Granularity.PAPER, data, Subject.ROWS));
    }

    @Test
    void rowsOfDifferentSpreadGainFromAScaleEach() {
        Candidate candidate = Candidate.parse("pact3");
        float[] data = data(candidate);
        double tensor = Statistics.squaredDistance(data, quantized(candidate, Granularity.TENSOR, data, Subject.ROWS),
                0, data.length);
        double channel = Statistics.squaredDistance(data,
                quantized(candidate, Granularity.CHANNEL, data, Subject.ROWS), 0, data.length);
        double group = Statistics.squaredDistance(data, quantized(candidate, Granularity.GROUP, data, Subject.ROWS),
                0, data.length);
        assertTrue(group < channel && channel < tensor, group + ", " + channel + ", " + tensor);
    }

    @Test
    void aSchemeRefusesARoleThatItDoesNotHave() {
        for (Candidate candidate : Candidate.all()) {
            for (Role role : Role.values()) {
                if (!candidate.scheme().roles().contains(role)) {
                    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                            () -> Quantizer.create(candidate, role, 1, 1, QuantizerSettings.DEFAULT));
                    assertEquals("scheme '" + candidate.scheme().label() + "' is for " + candidate.scheme().roles()
                            + ", not for " + role, refusal.getMessage());
                }
            }
        }
    }

    @Test
    void aGroupSizeBelowOneIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> QuantizerSettings.DEFAULT.withGranularity(Granularity.GROUP, 0));
    }
}
