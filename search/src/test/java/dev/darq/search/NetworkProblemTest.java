package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDManager;
import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.RelaxationSettings.EntropyPenalty;
import dev.darq.search.RelaxationSettings.Temperature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second order on a network. */
class NetworkProblemTest {
    private static final ExampleSplit SPLIT = ExampleSplit.of(new Blobs(200, 12, 4, 2), 0.5, 1);
    private static final SearchSettings SETTINGS = new SearchSettings(1, 1, 0, Order.SECOND, 0.01,
            new RelaxationSettings(new GumbelSoftmax(false), new Temperature(1, 0.1), EntropyPenalty.NONE),
            List.of(new Budget(CostModel.BIT_OPERATIONS, 0.1, null)), ErrorTerm.fixed(0.1), null);

    private static Network network(long seed, LayerRule... rules) {
        List<Candidate> candidates = Stream.of("lq2", "lqg2", "sign1", "lsq3", "lsq+4", "pact4", "affine4", "uniform4")
                .map(Candidate::parse).toList();
        NetworkSpec spec = new MlpSpec(List.of(12, 9, 4), ActivationFunction.TANH);
        Network network = Network.create(spec,
                new LayerRules(List.of(rules)).spaces(spec.shapes(), new SearchSpace(candidates, candidates)),
                new QuantizerSettings(true, true,
                        QuantizerSettings.DEFAULT.granularity(), 16, QuantizerSettings.DEFAULT.clip(), true),
                seed);
        new Training(new TrainingSettings(20, 1e-3, 0), 1, TrainingListener.NONE).calibrate(network, SPLIT.train());
        for (MixedTensor tensor : network.tensors()) {
            tensor.choice().relaxation(SETTINGS.relaxation().relaxation());
            tensor.choice().draw(3);
        }
        return network;
    }

    private static List<float[]> values(Network network) {
        List<float[]> values = new ArrayList<>();
        Stream.of(network.weightMatrices(), network.otherParameters()).flatMap(List::stream)
                .forEach(parameter -> values.add(parameter.value().clone()));
        for (MixedTensor tensor : network.tensors()) {
            values.add(tensor.alpha().value().clone());
            tensor.candidates().forEach(candidate -> values.add(candidate.statistics().clone()));
        }
        return values;
    }

    /** Two searches of which one looks ahead before each step of the weights: the weights cannot tell. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void lookingAheadLeavesWeightsOptimizersAndQuantizersAsTheyWereBitForBit(long seed) {
        List<List<float[]>> courses = new ArrayList<>();
        List<float[]> gradients = new ArrayList<>();
        for (boolean looksAhead : new boolean[] {true, false}) {
            Network network = network(seed);
            List<float[]> course = new ArrayList<>();
            Training.Optimizers optimizers = Training.Optimizers.of(network, 0.1);
            Batches train = new Batches(SPLIT.train(), 20, 1, 0);
            Batches validation = new Batches(SPLIT.validation(), 20, 1, 0);
            try (NDManager manager = NDManager.newBaseManager()) {
                NetworkProblem problem = new NetworkProblem(manager, network, new OuterObjective(network, SETTINGS),
                        new FiniteCheck("test", network));
                UnrolledGradient unrolled = new UnrolledGradient(problem,
                        List.of(optimizers.weights(), optimizers.others()));
                for (int step = 0; step < 4; step++) {
                    problem.train(train.next());
                    problem.validation(validation.next());
                    if (looksAhead) {
                        unrolled.compute(1e-2);
                        problem.alphas().forEach(alpha -> gradients.add(alpha.gradient().clone()));
                        problem.alphas().forEach(Parameter::clearGradient);
                    }
                    problem.inner();
                    optimizers.step(network, 1e-2);
                    course.addAll(values(network));
                }
            }
            courses.add(course);
        }
        for (int i = 0; i < courses.getFirst().size(); i++) {
            assertArrayEquals(courses.get(1).get(i), courses.get(0).get(i), "value " + i);
        }
        assertFalse(gradients.stream().anyMatch(gradient -> Arrays.equals(gradient, new float[gradient.length])));
    }

    @Test
    void withoutAStepTheGradientIsThatOfTheFirstOrder() {
        Network network = network(1);
        Training.Optimizers optimizers = Training.Optimizers.of(network, 0.1);
        try (NDManager manager = NDManager.newBaseManager()) {
            NetworkProblem problem = new NetworkProblem(manager, network, new OuterObjective(network, SETTINGS),
                    new FiniteCheck("test", network));
            problem.train(new Batches(SPLIT.train(), 20, 1, 0).next());
            problem.validation(new Batches(SPLIT.validation(), 20, 1, 0).next());
            double loss = problem.outer();
            List<float[]> first = problem.alphas().stream().map(alpha -> alpha.gradient().clone()).toList();
            double unrolled = new UnrolledGradient(problem, List.of(optimizers.weights(), optimizers.others()))
                    .compute(0);
            assertEquals(loss, unrolled);
            for (int k = 0; k < first.size(); k++) {
                assertArrayEquals(first.get(k), problem.alphas().get(k).gradient(), 1e-7f);
            }
        }
    }

    @Test
    void theGradientOfAChoiceThatLayersShareIsTheSumOfTheirs() {
        List<float[]> apart = outerGradients();
        List<float[]> shared = outerGradients(
                new LayerRule.Tie("linear*", LayerRule.Tied.WEIGHTS_AND_ACTIVATIONS));
        assertEquals(4, apart.size());
        assertEquals(2, shared.size());
        for (int k = 0; k < 2; k++) {
            for (int j = 0; j < shared.get(k).length; j++) {
                assertEquals(apart.get(k)[j] + apart.get(k + 2)[j], shared.get(k)[j], 1e-6);
            }
        }
    }

    /** Of weights and activations of the first layer, then of the second if it chooses by itself. */
    private static List<float[]> outerGradients(LayerRule... rules) {
        Network network = network(1, rules);
        for (RelaxedChoice choice : network.choices()) {
            choice.relaxation(new Softmax());
            choice.draw(1);
            choice.temperature(0.7);
            for (int j = 0; j < choice.alpha().value().length; j++) {
                choice.alpha().value()[j] = (float) Math.sin(j);
            }
        }
        SearchSettings settings = new SearchSettings(1, 1, 0, Order.FIRST, 0.01, SETTINGS.relaxation(),
                List.of(new Budget(new Energy(), null, 2.0)), ErrorTerm.fixed(0.1), null);
        try (NDManager manager = NDManager.newBaseManager()) {
            NetworkProblem problem = new NetworkProblem(manager, network, new OuterObjective(network, settings),
                    new FiniteCheck("test", network));
            problem.validation(new Batches(SPLIT.validation(), 20, 1, 0).next());
            problem.outer();
            return problem.alphas().stream().map(Parameter::gradient).toList();
        }
    }
}
