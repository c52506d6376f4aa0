package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsqQuantizerTest {
    /** LSQ section 2.1: {@code s = 2 mean|x| / sqrt(Qp)}, with the codes that the sign of the data asks for. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8, 16})
    void theStepStartsAtTwiceTheMeanMagnitudeOverTheRootOfTheHighestCode(int bits) {
        for (Role role : Role.values()) {
            for (boolean negative : role == Role.WEIGHTS ? List.of(true) : List.of(true, false)) {
                Subject subject = new Subject(new Candidate(Scheme.LSQ, bits), role, negative, false);
                float[] data = subject.data(1);
                double mean = IntStream.range(0, data.length).mapToDouble(i -> Math.abs(data[i])).average()
                        .orElseThrow();
                int highest = negative ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
                Quantizer quantizer = subject.initialized(data, Subject.ROWS);
                double expected = 2 * mean / Math.sqrt(highest);
                assertEquals(expected, quantizer.parameters().getFirst().value()[0], 1e-6 * expected);
                assertEquals(negative ? "signed" : "unsigned", quantizer.variant());
                assertEquals(1, quantizer.parameters().size(), "LSQ learns no offset");
            }
        }
    }
}
