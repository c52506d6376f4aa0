package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.State;
import dev.darq.search.DiscretisationSettings.Alphas;
import dev.darq.search.DiscretisationSettings.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiscretisationTest {
    private static final NetworkSpec SPEC = new MlpSpec(List.of(20, 16, 12, 4), ActivationFunction.TANH);
    private static final SearchSpace SPACE = new SearchSpace(candidates("lq1", "uniform8"),
            candidates("lq1", "uniform8"));
    private static final Blobs EXAMPLES = new Blobs(300, 20, 4, 2);

    private static final Adaptation ADAPTATION = new Adaptation(new TrainingSettings(50, 1e-2, 0), 1e-2, EXAMPLES, 1);

    private static List<Candidate> candidates(String... names) {
        return Stream.of(names).map(Candidate::parse).toList();
    }

    private static Network network(LayerRule... rules) {
        return Network.create(SPEC, new LayerRules(List.of(rules)).spaces(SPEC.shapes(), SPACE),
                QuantizerSettings.DEFAULT,
                1);
    }

    private static Allocation choose(Network network, Method method, boolean perturbations, Budget... budgets) {
        return new Discretisation(network, List.of(budgets),
                new DiscretisationSettings(method, perturbations, 0, 1e3, Alphas.FROZEN)).choose(ADAPTATION, EXAMPLES);
    }

    private static List<String> names(List<SearchSpace> spaces) {
        return spaces.stream().map(space -> space.weights() + "/" + space.activations()).toList();
    }

    @Test
    void theLastRuleThatSpeaksOfATensorDecides() {
        LayerRule tie = new LayerRule.Tie("linear*", LayerRule.Tied.WEIGHTS_AND_ACTIVATIONS);
        LayerRule pin = new LayerRule.Pin("linear2", Candidate.parse("lsq4"), null);
        List<LayerSpace> pinned = new LayerRules(List.of(tie, pin)).spaces(SPEC.shapes(), SPACE);
        assertEquals(List.of("[lq1, uniform8]/[lq1, uniform8]", "[lsq4]/[lq1, uniform8]",
                "[lq1, uniform8]/[lq1, uniform8]"), names(pinned.stream().map(LayerSpace::space).toList()));
        assertEquals(pinned.get(0).weightsTie(), pinned.get(2).weightsTie());
        assertFalse(pinned.get(0).weightsTie().equals(pinned.get(1).weightsTie()));
        assertEquals(pinned.get(0).activationsTie(), pinned.get(1).activationsTie());
        assertEquals(new LayerRules(List.of(tie)).spaces(SPEC.shapes(), SPACE).getFirst().space(),
                new LayerRules(List.of(pin, tie)).spaces(SPEC.shapes(), SPACE).get(1).space());
        LayerSpace excluded = new LayerRules(List.of(tie, new LayerRule.Exclude("*[13]"))).spaces(SPEC.shapes(), SPACE)
                .getFirst();
        assertEquals(SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32), excluded.space());
    }

    @Test
    void tiedLayersHaveOneAlphaToWhichTheirGradientsAddUp() {
        Network network = network(new LayerRule.Tie("linear[12]", LayerRule.Tied.WEIGHTS));
        MixedTensor first = network.layers().get(0).weights();
        MixedTensor second = network.layers().get(1).weights();
        assertSame(first.alpha(), second.alpha());
        assertNotSame(network.layers().get(0).activations().alpha(), network.layers().get(1).activations().alpha());
        assertEquals(5, network.alphas().size());
        first.probabilityGradient()[0] += 3;
        second.probabilityGradient()[0] += 5;
        network.choices().forEach(RelaxedChoice::finishGradient);
        assertArrayEquals(new float[] {2, -2}, first.alpha().gradient(), 1e-6f);
    }

    @Test
    void tiedLayersGetOneCandidateWithinTheBudgetOfAll() {
        Network network = network(new LayerRule.Tie("linear*", LayerRule.Tied.WEIGHTS_AND_ACTIVATIONS));
        Budget budget = new Budget(CostModel.BIT_OPERATIONS, 8.0 / 1024, null);
        network.alphas().forEach(alpha -> alpha.value()[1] = 1);
        Allocation chosen = choose(network, Method.EXACT, false, budget);
        assertEquals(1, chosen.layers().stream().map(layer -> layer.weights() + "/" + layer.activations()).distinct()
                .count());
        assertTrue(chosen.outcomes().getFirst().isMet());
    }

    @Test
    void argmaxExceedsABudgetAndSaysSoWhileExactKeepsIt() {
        Network network = network();
        network.alphas().forEach(alpha -> alpha.value()[1] = 1);
        Budget budget = new Budget(CostModel.BIT_OPERATIONS, 0.02, null);
        BudgetOutcome loose = choose(network, Method.ARGMAX, false, budget).outcomes().getFirst();
        assertEquals(64.0 / 1024, loose.cost(), 1e-12);
        assertTrue(loose.sentence().contains("EXCEEDS the target 2 % by 212.50 %"), loose.sentence());
        assertTrue(choose(network, Method.EXACT, false, budget).outcomes().getFirst().cost() <= 0.02);
    }

    @Test
    void aTargetIsMetEvenWhereTheMostProbableSchemeIsCheaper() {
        Network network = network();
        network.alphas().forEach(alpha -> alpha.value()[0] = 1);
        Budget budget = new Budget(CostModel.BIT_OPERATIONS, 64.0 / 1024, null);
        assertTrue(choose(network, Method.EXACT, false, budget).outcomes().getFirst().isMet());
        Budget limit = budget.withSlack(1);
        assertEquals(1.0 / 1024, choose(network, Method.EXACT, false, limit).outcomes().getFirst().cost(), 1e-12);
    }

    @Test
    void stepsBeforeAMeasurementShowWhatTrainingMendsAndAreTakenBack() {
        Network network = network();
        Training training = new Training(new TrainingSettings(50, 1e-2, 0), 1, TrainingListener.NONE);
        training.warmUp(network, EXAMPLES, 20);
        training.calibrate(network, EXAMPLES);
        State before = new State();
        network.save(before);
        Parameter hidden = network.layers().get(1).weights().alpha();
        double untrained = new Perturbations(network, ADAPTATION, 0, EXAMPLES).measure(List.of(hidden)).getFirst()[0];
        double trained = new Perturbations(network, ADAPTATION, 30, EXAMPLES).measure(List.of(hidden)).getFirst()[0];
        assertTrue(untrained > 0 && trained < untrained / 2, trained + " after steps, " + untrained + " without");
        State after = new State();
        network.save(after);
        assertEquals(before, after);
    }

    @Test
    void measuredPerturbationsTakeWhatHurtsLessAndLeaveTheAlphas() {
        Network network = network();
        Training training = new Training(new TrainingSettings(50, 1e-2, 0), 1, TrainingListener.NONE);
        training.warmUp(network, EXAMPLES, 20);
        training.calibrate(network, EXAMPLES);
        network.alphas().forEach(alpha -> alpha.value()[0] = 0.01f);
        List<float[]> before = network.alphas().stream().map(alpha -> alpha.value().clone()).toList();
        List<double[]> increases = new Perturbations(network, ADAPTATION, 0, EXAMPLES).measure(network.alphas());
        Allocation chosen = choose(network, Method.EXACT, true);
        for (int t = 0; t < before.size(); t++) {
            assertArrayEquals(before.get(t), network.alphas().get(t).value());
            Allocation.Layer layer = chosen.layers().get(t / 2);
            boolean exact = increases.get(t)[1] < increases.get(t)[0] - 1e-5;
            assertEquals(Candidate.parse(exact ? "uniform8" : "lq1"),
                    t % 2 == 0 ? layer.weights() : layer.activations());
        }
        assertTrue(increases.getFirst()[0] > increases.getFirst()[1], "1 bit hurts more than 8");
        assertEquals(Candidate.parse("lq1"), choose(network, Method.EXACT, false).layers().getFirst().weights());
    }
}
