package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.quantizers.Candidate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrecisionScheduleTest {
    private static final LayerCandidates TARGET = candidates("lq2", "lsq+2");

    private static LayerCandidates candidates(String weights, String activations) {
        return new LayerCandidates(Candidate.parse(weights), Candidate.parse(activations));
    }

    private static Stream<PrecisionSchedule> schedules() {
        return Stream.of(0.01, 0.3, 0.5, 0.99, 1.0)
                .flatMap(until -> Stream.of(new DirectPrecision(), new LayerByLayer(false, until),
                        new LayerByLayer(true, until), new FallingBits(List.of(8, 4, 3), until),
                        new CyclicBits(1, 3, until), new CyclicBits(8, 2, until)));
    }

    /** {@code x} where a layer has its target, {@code .} where it is float32, one column an epoch. */
    private static List<String> drawn(PrecisionSchedule schedule, int epochs, int layers) {
        return IntStream.range(0, layers).mapToObj(layer -> IntStream.range(0, epochs)
                .mapToObj(epoch -> schedule.at(epoch, epochs, layer, layers, TARGET))
                .map(at -> at.equals(TARGET) ? "x" : at.equals(LayerCandidates.FLOAT32) ? "." : "?")
                .reduce("", String::concat)).toList();
    }

    private static List<Integer> weightBits(PrecisionSchedule schedule, int epochs, String target) {
        return IntStream.range(0, epochs).map(
                epoch -> schedule.at(epoch, epochs, 0, 1, candidates(target, target)).weights().bits()).boxed()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void fromItsEndOnEveryLayerHasItsTargetAndTheLastEpochAlwaysDoes(PrecisionSchedule schedule) {
        for (int epochs : new int[] {0, 1, 2, 7, 20}) {
            for (int epoch = schedule.settled(epochs); epoch <= epochs; epoch++) {
                for (int layer = 0; layer < 3; layer++) {
                    assertEquals(TARGET, schedule.at(epoch, epochs, layer, 3, TARGET));
                }
            }
            assertEquals(epochs == 0 ? 0 : Math.min(Math.round(schedule.until() * epochs), epochs - 1),
                    schedule.settled(epochs));
        }
    }

    @Test
    void layersFollowOneAnother() {
        assertEquals(List.of("xxxxxxxx", "..xxxxxx", "....xxxx"), drawn(new LayerByLayer(false, 0.75), 8, 3));
        assertEquals(List.of("....xxxx", "..xxxxxx", "xxxxxxxx"), drawn(new LayerByLayer(true, 0.75), 8, 3));
        assertEquals(List.of("xxxx", "xxxx"), drawn(new DirectPrecision(), 4, 2));
    }

    @Test
    void bitsFallForEqualTimes() {
        assertEquals(List.of(8, 8, 4, 4, 2, 2, 2, 2),
                weightBits(new FallingBits(List.of(8, 4), 0.5), 8, "lsq2"));
        assertEquals(List.of(8, 8, 4, 4, 4, 4, 4, 4),
                weightBits(new FallingBits(List.of(8, 2), 0.5), 8, "lsq4"), "a width below the target's is not used");
    }

    @Test
    void bitsCycleAlongHalfACosine() {
        // 1 + 3 (1 - cos(pi t / 4)) / 2 is 1, 1.44, 2.5, 3.56; half a bit goes to the even number.
        assertEquals(List.of(1, 1, 2, 4, 1, 1, 2, 4, 4, 4, 4, 4),
                weightBits(new CyclicBits(1, 2, 8 / 12.0), 12, "lq4"));
        // 4 - 3 (1 - cos(pi t / 4)) / 2 is 4, 3.56, 2.5, 1.44.
        assertEquals(List.of(4, 4, 2, 1, 1, 1), weightBits(new CyclicBits(4, 1, 4 / 6.0), 6, "lq1"));
    }

    @Test
    void widthsThatASchemeLacksAreReplacedByTheNearest() {
        Candidate lsq = Candidate.parse("lsq2");
        assertEquals(Candidate.parse("lsq4"), PrecisionSchedule.withBits(lsq, 6), "of 4 and 8 the smaller");
        assertEquals(Candidate.parse("lsq8"), PrecisionSchedule.withBits(lsq, 7));
        assertEquals(Candidate.parse("sign1"), PrecisionSchedule.withBits(Candidate.parse("sign1"), 8));
        assertEquals(Candidate.FLOAT32, PrecisionSchedule.withBits(Candidate.FLOAT32, 4));
    }
}
