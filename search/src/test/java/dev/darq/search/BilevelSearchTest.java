package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.RelaxationSettings.EntropyPenalty;
import dev.darq.search.RelaxationSettings.Temperature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BilevelSearchTest {
    private static final NetworkSpec SPEC = new MlpSpec(List.of(20, 16, 4), ActivationFunction.TANH);
    private static final ExampleSplit SPLIT = ExampleSplit.of(new Blobs(1200, 20, 4, 2), 0.25, 1);
    private static final TrainingSettings TRAINING = new TrainingSettings(50, 3e-3, 0);

    private static List<Candidate> candidates(String... names) {
        return Stream.of(names).map(Candidate::parse).toList();
    }

    private record Result(Network network, Allocation allocation, List<EpochMetrics> metrics) {}

    private static Result search(SearchSettings settings, long seed) {
        SearchSpace space = new SearchSpace(candidates("lq1", "lsq+4", "uniform8", "float32"),
                candidates("lq2", "pact4", "uniform8", "float32"));
        Network network = Network.create(SPEC, space, QuantizerSettings.DEFAULT, seed);
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
                .choose(new Adaptation(TRAINING, 0, SPLIT.train(), seed), SPLIT.validation());
        return new Result(network, allocation, metrics);
    }

    private static SearchSettings settings(Budget budget, double errorWeight) {
        return settings(Order.FIRST, new Softmax(), List.of(budget), ErrorTerm.fixed(errorWeight));
    }

    private static SearchSettings settings(Order order, Relaxation relaxation, List<Budget> costs, ErrorTerm error) {
        return new SearchSettings(2, 6, 0, order, 0.05,
                new RelaxationSettings(relaxation, new Temperature(1, 0.1), EntropyPenalty.NONE), costs, error, null);
    }

    @Test
    void theSchemeKeepsTheBudgetAndTheNetworkKeepsItsAccuracy() {
        Result result = search(settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1), 1);
        double cost = result.allocation().cost(CostModel.BIT_OPERATIONS)
                / result.allocation().reference(CostModel.BIT_OPERATIONS);
        assertTrue(cost <= 0.02, "cost " + cost);
        Network discrete = result.network().discrete(result.allocation());
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
    void theEpochsThatAreLeftTrainTheSchemeWithARateThatGoesOn() {
        SearchSettings whole = settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1);
        SearchSettings settling = new SearchSettings(2, 6, 2, whole.order(), whole.alphaLearningRate(),
                whole.relaxation(), whole.costs(), whole.error(), null);
        Result result = search(settling, 1);
        assertEquals(search(whole, 1).metrics().subList(0, 4).toString(), result.metrics().toString(),
                "up to the choice it is the same search");

        Network discrete = result.network().discrete(result.allocation());
        List<TrainingListener.Step> steps = new ArrayList<>();
        List<float[]> weights = new ArrayList<>();
        new Training(TRAINING, 1, new TrainingListener() {
            @Override
            public void step(Step step) {
                steps.add(step);
                weights.add(discrete.weightMatrices().getFirst().value().clone());
            }
        }).settle(discrete, SPLIT.train(), settling);
        int perEpoch = Batches.perEpoch(SPLIT.train(), TRAINING.batchSize());
        assertEquals(2 * perEpoch, steps.size());
        assertEquals("settling", steps.getFirst().stage());
        // Adam's step is at most its rate, which begins at (1 + cos(4 pi / 6)) / 2 = 1/4 of the search's and ends near 0.
        assertTrue(largestMove(weights.get(0), weights.get(1)) <= 0.26 * TRAINING.learningRate());
        double last = largestMove(weights.get(weights.size() - 2), weights.getLast());
        assertTrue(last > 0 && last < 0.02 * TRAINING.learningRate(), "last move " + last);
        assertTrue(Evaluation.accuracy(Evaluation.logits(discrete, SPLIT.validation()), SPLIT.validation()) > 0.8);
    }

    private static double largestMove(float[] before, float[] after) {
        double largest = 0;
        for (int i = 0; i < before.length; i++) {
            largest = Math.max(largest, Math.abs(after[i] - before[i]));
        }
        return largest;
    }

    @Test
    void everyEpochReportsTheMixturesOfEveryLayer() {
        List<EpochMetrics> epochs = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void epoch(EpochMetrics epoch) {
                epochs.add(epoch);
            }
        };
        Network network = Network.create(SPEC,
                new SearchSpace(candidates("lq1", "uniform8"), candidates("lq2", "float32")),
                QuantizerSettings.DEFAULT, 1);
        new Training(TRAINING, 1, listener).calibrate(network, SPLIT.train());
        new BilevelSearch(settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1), TRAINING, 1, listener)
                .search(network, SPLIT.train(), SPLIT.validation());
        assertEquals(6, epochs.size());
        for (int e = 0; e < epochs.size(); e++) {
            List<LayerMetrics> epoch = epochs.get(e).layers();
            assertEquals(epochs.get(e).costs().getFirst(),
                    epoch.stream().mapToDouble(layer -> layer.costs().getFirst()).sum(), 1e-12);
            LayerMetrics.Mixture weights = epoch.getFirst().weights();
            double p = weights.shares().getFirst().probability();
            assertEquals(1 - p, weights.shares().getLast().probability(), 1e-12);
            assertEquals(p + 8 * (1 - p), weights.expectedBits(), 1e-12);
        }
        assertEquals("linear2", epochs.getLast().layers().getLast().layer());
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

    private static Stream<Arguments> ordersAndRelaxations() {
        return Stream.of(Order.values()).flatMap(order -> Stream
                .of(new Softmax(), new GumbelSoftmax(false), new GumbelSoftmax(true))
                .map(relaxation -> Arguments.of(order, relaxation)));
    }

    @ParameterizedTest
    @MethodSource("ordersAndRelaxations")
    void everyOrderAndRelaxationKeepsTheBudgetAndTheAccuracyAndCanBeRepeated(Order order, Relaxation relaxation) {
        SearchSettings settings = settings(order, relaxation,
                List.of(new Budget(CostModel.BIT_OPERATIONS, 0.02, null)), ErrorTerm.fixed(0.1));
        Result result = search(settings, 3);
        Allocation allocation = result.allocation();
        double cost = allocation.cost(CostModel.BIT_OPERATIONS) / allocation.reference(CostModel.BIT_OPERATIONS);
        assertTrue(cost <= 0.02, "cost " + cost);
        EpochMetrics last = result.metrics().getLast();
        assertTrue(last.hardAccuracy() > 0.8, "accuracy " + last.hardAccuracy());
        assertTrue(last.entropy() < 0.5 * result.metrics().getFirst().entropy(), "choices were not made");
        assertEquals(allocation, search(settings, 3).allocation());
    }

    @Test
    void everyOrderAndRelaxationGoesAWayOfItsOwn() {
        List<Double> losses = ordersAndRelaxations()
                .map(arguments -> search(settings((Order) arguments.get()[0], (Relaxation) arguments.get()[1],
                        List.of(new Budget(CostModel.BIT_OPERATIONS, 0.02, null)), ErrorTerm.fixed(0.1)), 3).metrics()
                        .getFirst().trainingLoss())
                .toList();
        assertEquals(9, losses.stream().distinct().count(), losses.toString());
    }

    @Test
    void learnedWeightsFollowTheirTerms() {
        Result result = search(settings(Order.FIRST, new Softmax(),
                List.of(new Budget(CostModel.WEIGHT_BYTES, null, null, Weighting.UNCERTAINTY, Budget.DEFAULT_SLACK)),
                new ErrorTerm(Weighting.UNCERTAINTY, null, null)), 1);
        EpochMetrics last = result.metrics().getLast();
        // At rest each term has the same share, that of the cross-entropy; an error under a hundredth counts as that.
        assertEquals(1, last.lambdas().getFirst() * last.costs().getFirst() / last.validationLoss(), 0.5);
        assertEquals(1, last.errorLambda() * Math.max(0.01, last.error()) / last.validationLoss(), 0.5);
        Result bounded = search(settings(Order.FIRST, new Softmax(),
                List.of(new Budget(CostModel.BIT_OPERATIONS, null, 0.0)),
                new ErrorTerm(Weighting.DUAL_ASCENT, 0.001, null)), 1);
        assertTrue(bounded.metrics().getFirst().errorLambda() > 0, "the error begins over its target");
        assertTrue(bounded.metrics().getLast().error() < 0.5 * bounded.metrics().getFirst().error());
    }

    @Test
    void thePenaltyOnEntropyMakesTheChoices() {
        List<Double> entropies = new ArrayList<>();
        for (double weight : new double[] {0, 0.3}) {
            SearchSettings plain = settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1);
            SearchSettings penalised = new SearchSettings(2, 6, 0, Order.FIRST, 0.05,
                    new RelaxationSettings(new Softmax(),
                            new Temperature(1, 1), new EntropyPenalty(weight, 0.2)),
                    plain.costs(), plain.error(), null);
            entropies.add(search(penalised, 1).metrics().getLast().entropy());
        }
        assertTrue(entropies.get(1) < 0.2 * entropies.get(0), entropies.toString());
    }

    @Test
    void growingCurvatureEndsTheSearchWithTheAlphasOfAnEarlierEpoch() {
        SearchSettings plain = settings(new Budget(CostModel.BIT_OPERATIONS, 0.02, null), 0.1);
        SearchSettings stopping = new SearchSettings(2, 6, 0, Order.FIRST, 0.05, plain.relaxation(), plain.costs(),
                plain.error(), new EarlyStopping(1, 1.0001, 1));
        List<EpochMetrics> measured = search(stopping, 1).metrics();
        List<EpochMetrics> unstopped = search(plain, 1).metrics();
        assertTrue(measured.stream().allMatch(epoch -> epoch.curvature() != null));
        assertTrue(unstopped.stream().allMatch(epoch -> epoch.curvature() == null));
        assertTrue(measured.size() <= unstopped.size());
        for (int e = 0; e < measured.size(); e++) {
            assertEquals(unstopped.get(e).trainingLoss(), measured.get(e).trainingLoss(), "measuring changes nothing");
        }
        int grown = 1;
        while (grown < 6 && grown < measured.size()
                && curvature(measured, grown) <= 1.0001 * curvature(measured, grown - 1)) {
            grown++;
        }
        assertEquals(Math.min(6, grown + 1), measured.size(), "stops at the first growth");
    }

    private static double curvature(List<EpochMetrics> metrics, int epoch) {
        Double curvature = metrics.get(epoch).curvature();
        return curvature == null ? Double.NaN : curvature;
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
        Network network = Network.create(SPEC, SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
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
