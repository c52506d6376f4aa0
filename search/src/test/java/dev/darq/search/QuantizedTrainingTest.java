package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.QuantizedTrainingSettings.Keep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuantizedTrainingTest {
    private static final NetworkSpec SPEC = new MlpSpec(List.of(16, 12, 4), ActivationFunction.TANH);
    private static final ExampleSplit SPLIT = ExampleSplit.of(new Blobs(1000, 16, 4, 2), 0.2, 1);
    private static final List<LayerCandidates> TARGET = List.of(candidates("lq2", "lq2"), candidates("lsq2", "pact3"));

    private static LayerCandidates candidates(String weights, String activations) {
        return new LayerCandidates(Candidate.parse(weights), Candidate.parse(activations));
    }

    private static QuantizedTrainingSettings settings(int epochs, PrecisionSchedule schedule, double teacher,
            Keep keep) {
        return new QuantizedTrainingSettings(epochs, 5e-3, RateSchedule.COSINE, 0.01, schedule,
                new DistillationSettings(2, teacher), new Augmentation(0, 0.05), keep);
    }

    private static QuantizedTrainingSettings direct(int epochs) {
        return settings(epochs, new DirectPrecision(), 0, Keep.LAST);
    }

    private static Network fresh() {
        return Network.create(SPEC, SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                QuantizerSettings.DEFAULT,
                1);
    }

    private static final Network TEACHER = train(fresh(), List.of(LayerCandidates.FLOAT32, LayerCandidates.FLOAT32),
            direct(6), new ArrayList<>());

    private static Network train(Network start, List<LayerCandidates> target, QuantizedTrainingSettings settings,
            List<TuningEpoch> epochs) {
        return train(start, target, settings, epochs, SPLIT.validation()).getLast();
    }

    private static List<Network> train(Network start, List<LayerCandidates> target, QuantizedTrainingSettings settings,
            List<TuningEpoch> epochs, @Nullable Examples validation) {
        List<Network> kept = new ArrayList<>();
        new QuantizedTraining(settings, QuantizerSettings.DEFAULT, 50, 4, new TrainingListener() {
            @Override
            public void tuned(TuningEpoch epoch) {
                epochs.add(epoch);
            }
        }).train("test", start, target, SPLIT.train(), validation, kept::add);
        return kept;
    }

    private static double accuracy(Network network) {
        return Evaluation.accuracy(Evaluation.logits(network, SPLIT.validation()), SPLIT.validation());
    }

    private static List<LayerCandidates> candidates(Network network) {
        return network.layers().stream()
                .map(layer -> new LayerCandidates(layer.weights().candidates().getFirst().candidate(),
                        layer.activations().candidates().getFirst().candidate()))
                .toList();
    }

    private static Stream<QuantizedTrainingSettings> ways() {
        return Stream.of(new DirectPrecision(), new LayerByLayer(false, 0.5), new LayerByLayer(true, 0.5),
                new FallingBits(List.of(8, 4), 0.5), new CyclicBits(4, 2, 0.7))
                .flatMap(schedule -> Stream.of(0.0, 0.7).map(teacher -> settings(6, schedule, teacher, Keep.LAST)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyWayEndsWithTheTargetCandidatesAndNearTheTeachersAccuracy(QuantizedTrainingSettings settings) {
        List<TuningEpoch> epochs = new ArrayList<>();
        Network network = train(TEACHER, TARGET, settings, epochs);
        assertEquals(TARGET, candidates(network));
        network.tensors().forEach(tensor -> assertEquals(1, tensor.candidates().size()));
        assertEquals(TARGET, epochs.getLast().candidates());
        assertEquals(6, epochs.size());
        if (settings.schedule().until() > 0 && settings.schedule() instanceof FallingBits) {
            assertNotEquals(TARGET, epochs.getFirst().candidates());
        }
        assertTrue(accuracy(network) > accuracy(TEACHER) - 0.08, accuracy(network) + " of " + accuracy(TEACHER));
    }

    @Test
    void theTeacherIsNotChanged() {
        float[] before = Evaluation.logits(TEACHER, SPLIT.validation());
        train(TEACHER, TARGET, settings(2, new CyclicBits(4, 1, 0.5), 0.7, Keep.LAST), new ArrayList<>());
        assertArrayEquals(before, Evaluation.logits(TEACHER, SPLIT.validation()));
    }

    @Test
    void withoutEpochsTheFloatNetworkIsQuantizedAsItIs() {
        Network network = train(TEACHER, TARGET, settings(0, new LayerByLayer(false, 1), 0, Keep.BEST),
                new ArrayList<>());
        assertEquals(TARGET, candidates(network));
        for (int l = 0; l < 2; l++) {
            Parameter weight = network.layers().get(l).weight();
            assertArrayEquals(TEACHER.layers().get(l).weight().value(), weight.value());
        }
        assertTrue(accuracy(network) > 0.4, "accuracy " + accuracy(network));
    }

    @Test
    void theBestEpochIsKeptAmongThoseWithTheTarget() {
        List<TuningEpoch> epochs = new ArrayList<>();
        List<Double> kept = new ArrayList<>();
        new QuantizedTraining(settings(8, new LayerByLayer(true, 0.5), 0, Keep.BEST), QuantizerSettings.DEFAULT, 50, 4,
                new TrainingListener() {
                    @Override
                    public void tuned(TuningEpoch epoch) {
                        epochs.add(epoch);
                    }
                }).train("test", TEACHER, TARGET, SPLIT.train(), SPLIT.validation(),
                        network -> kept.add(accuracy(network)));
        List<Double> settled = epochs.subList(4, 8).stream().map(TuningEpoch::validationAccuracy).toList();
        List<Double> rising = new ArrayList<>();
        for (@Nullable
        Double accuracy : settled) {
            if (accuracy != null && (rising.isEmpty() || accuracy > rising.getLast())) {
                rising.add(accuracy);
            }
        }
        assertEquals(rising, kept);
    }

    @Test
    void theBestEpochNeedsValidationExamples() {
        assertThrows(IllegalArgumentException.class, () -> train(TEACHER, TARGET,
                settings(1, new DirectPrecision(), 0, Keep.BEST), new ArrayList<>(), null));
        List<TuningEpoch> epochs = new ArrayList<>();
        train(TEACHER, TARGET, direct(1), epochs, null);
        assertNull(epochs.getFirst().validationAccuracy());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theSameSeedGivesTheSamePackedBytes(QuantizedTrainingSettings settings, @TempDir Path folder)
            throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Path file = folder.resolve("model" + run + ".darq");
            Freezer.freeze(train(TEACHER, TARGET, settings, new ArrayList<>()), Map.of()).save(file);
            files.add(Files.readAllBytes(file));
        }
        assertArrayEquals(files.get(0), files.get(1));
    }

    @Test
    void aLossThatIsNotANumberEndsTheRun() {
        Network broken = fresh();
        broken.layers().getLast().bias().value()[0] = Float.NaN;
        DivergedException diverged = assertThrows(DivergedException.class,
                () -> train(broken, TARGET, direct(1), new ArrayList<>()));
        assertTrue(diverged.toString().contains("test diverged at step 1"), diverged.toString());
    }

    @Test
    void aFrozenFloatNetworkIsReadBackAsItWas(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("float.darq");
        Freezer.freeze(TEACHER, Map.of()).save(file);
        Network read = FloatNetwork.read(PackedModel.load(file));
        assertEquals(SPEC, read.spec());
        assertArrayEquals(Evaluation.logits(TEACHER, SPLIT.validation()), Evaluation.logits(read, SPLIT.validation()));
    }

    @Test
    void whatIsNotFloat32IsNotRead() {
        Network quantized = train(TEACHER, TARGET, direct(0), new ArrayList<>());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> FloatNetwork.read(Freezer.freeze(quantized, Map.of())));
        assertTrue(refused.toString().contains("got 'linear1' as operation 1"), refused.toString());
    }
}
