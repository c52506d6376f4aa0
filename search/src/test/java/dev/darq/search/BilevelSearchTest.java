package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BilevelSearchTest {
    private static final NetworkSpec SPEC = new NetworkSpec(List.of(20, 16, 4), ActivationFunction.TANH);
    private static final ExampleSplit SPLIT = ExampleSplit.of(new Blobs(1200, 20, 4, 2), 0.25, 1);
    private static final TrainingSettings TRAINING = new TrainingSettings(50, 3e-3, 0);

    private static List<Candidate> candidates(String... names) {
        return Stream.of(names).map(Candidate::parse).toList();
    }

    private record Result(Mlp network, Allocation allocation, List<EpochMetrics> metrics) {}

    private static Result search(SearchSettings settings, long seed) {
        SearchSpace space = new SearchSpace(candidates("lq1", "lsq+4", "uniform8", "float32"),
                candidates("lq2", "pact4", "uniform8", "float32"));
        Mlp network = Mlp.create(SPEC, space, QuantizerSettings.DEFAULT, seed);
        List<EpochMetrics> metrics = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void epoch(EpochMetrics epoch) {
                metrics.add(epoch);
            }
        };
        Training training = new Training(TRAINING, seed, listener);
        training.warmUp(network, SPLIT.train(), settings.warmupEpochs());
        training.calibrate(network, SPLIT.train());
        new BilevelSearch(settings, TRAINING, seed, listener).search(network, SPLIT.train(), SPLIT.validation());
        Allocation allocation = new Discretisation(network, settings.costs(), DiscretisationSettings.DEFAULT)
                .choose(SPLIT.validation());
        return new Result(network, allocation, metrics);
    }

    private static SearchSettings settings(Budget budget, double errorWeight) {
        return new SearchSettings(2, 6, 0.05, new SearchSettings.Temperature(1, 0.1), List.of(budget), errorWeight);
    }

    @Test
    void theSchemeKeepsTheBudgetAndTheNetworkKeepsItsAccuracy() {
        Result result = search(settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1), 1);
        double cost = result.allocation().cost(CostModel.BIT_OPERATIONS)
                / result.allocation().reference(CostModel.BIT_OPERATIONS);
        assertTrue(cost <= 0.02, "cost " + cost);
        Mlp discrete = result.network().discrete(result.allocation());
        new Training(TRAINING, 1, TrainingListener.NONE).fineTune("fine-tuning", discrete, SPLIT.train(),
                new FinetuneSettings(2, 1e-3), 8);
        double accuracy = Evaluation.accuracy(Evaluation.logits(discrete, SPLIT.validation()), SPLIT.validation());
        assertTrue(accuracy > 0.8, "accuracy " + accuracy);
    }

    @Test
    void everyEpochReportsSoftAndHardAccuracyAndTheTemperatureFalls() {
        Result result = search(settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1), 1);
        assertEquals(6, result.metrics().size());
        for (int e = 1; e < 6; e++) {
            assertTrue(result.metrics().get(e).temperature() < result.metrics().get(e - 1).temperature());
        }
        EpochMetrics last = result.metrics().getLast();
        assertTrue(last.softAccuracy() > 0.5 && last.hardAccuracy() > 0.5);
        assertTrue(Math.abs(last.softAccuracy() - last.hardAccuracy()) < 0.1, "soft and hard lie apart at the end");
    }

    @Test
    void aHeavyFixedLambdaTakesTheCheapestCandidatesAndNoneTheMostExact() {
        Allocation cheap = search(settings(new Budget(CostModel.BIT_OPERATIONS, null, 1e3), 0), 1).allocation();
        cheap.layers().forEach(layer -> {
            assertEquals(Candidate.parse("lq1"), layer.weights());
            assertEquals(Candidate.parse("lq2"), layer.activations());
        });
        Allocation exact = search(settings(new Budget(CostModel.BIT_OPERATIONS, null, 0.0), 1e3), 1).allocation();
        exact.layers().forEach(layer -> {
            assertEquals(Candidate.FLOAT32, layer.weights());
            assertEquals(Candidate.FLOAT32, layer.activations());
        });
    }

    @Test
    void theSameSeedGivesTheSameTableAndTheSamePackedBytes(@TempDir Path folder) throws IOException {
        SearchSettings settings = settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1);
        List<byte[]> files = new ArrayList<>();
        List<Allocation> tables = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Result result = search(settings, 9);
            Path file = folder.resolve("model" + run + ".darq");
            Freezer.freeze(result.network().discrete(result.allocation()), Map.of()).save(file);
            files.add(Files.readAllBytes(file));
            tables.add(result.allocation());
        }
        assertEquals(tables.get(0), tables.get(1));
        assertArrayEquals(files.get(0), files.get(1));
    }

    @Test
    void aLossThatIsNotANumberEndsTheRunNamingStageAndStep() {
        Mlp network = Mlp.create(SPEC, SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                QuantizerSettings.DEFAULT, 1);
        network.layers().getFirst().bias().value()[0] = Float.NaN;
        Training training = new Training(TRAINING, 1, TrainingListener.NONE);
        DivergedException diverged = assertThrows(DivergedException.class,
                () -> training.warmUp(network, SPLIT.train(), 1));
        assertTrue(diverged.toString().contains("warm-up diverged at step 1"), diverged.toString());
    }

    @Test
    void aSplitKeepsEveryExampleOnce() {
        assertEquals(1200, SPLIT.train().size() + SPLIT.validation().size());
        assertEquals(300, SPLIT.validation().size());
    }
}
