package dev.darq.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.Linear;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Granularity;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import dev.darq.search.LatencyTable.Entry;
import dev.darq.search.LayerShape;
import dev.darq.search.WeightBytes;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerBytesTest {
    /** The cost that a search pays is what freezing writes. */
    @ParameterizedTest
    @EnumSource(Granularity.class)
    void weightBytesAreThoseOfTheFrozenLayerForEveryCandidate(Granularity granularity) {
        QuantizerSettings settings = QuantizerSettings.DEFAULT.withGranularity(granularity, 16);
        LayerCodes codes = new LayerCodes(settings, new SplittableRandom(1));
        LayerShape shape = new LayerShape("linear1", 37, 5, ActivationFunction.TANH);
        for (Candidate candidate : Candidate.all()) {
            if (candidate.scheme().roles().contains(Role.WEIGHTS)) {
                Linear frozen = codes.linear("linear1", Entry.of(shape, candidate, Candidate.FLOAT32));
                assertEquals(LayerBytes.of(frozen),
                        new WeightBytes(settings).cost(shape, candidate, Candidate.FLOAT32), candidate.toString());
            }
        }
    }
}
