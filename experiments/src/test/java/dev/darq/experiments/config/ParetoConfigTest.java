package dev.darq.experiments.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.latency.LatencyFile;
import dev.darq.experiments.report.Environment;
import dev.darq.search.Budget;
import dev.darq.search.CostModel;
import dev.darq.search.Energy;
import dev.darq.search.LatencyTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParetoConfigTest {
    private static final String YAML = """
            name: small
            data: { name: mnist }
            network: { layers: [784, 8, 10] }
            space: { weights: [lq1, lq2], activations: [lq1, lq2, uniform8] }
            search: { cost: { target: 0.5 } }
            finetune: {}
            pareto: { budgets: [0.002, 0.01], %s }
            """;

    private static ParetoConfig parse(String more, String... overrides) {
        return ParetoConfig.parse("small.yaml", YAML.formatted(more), List.of(overrides));
    }

    private static void refuses(String message, String more) {
        assertEquals(message, assertThrows(ConfigException.class, () -> parse(more)).getMessage());
    }

    @Test
    void theDefaultsCompareWithEverythingButAllSchemes() {
        ParetoSettings pareto = parse("").pareto();
        assertEquals(CostModel.BIT_OPERATIONS, pareto.model());
        assertEquals(List.of(0.002, 0.01), pareto.budgets());
        assertTrue(pareto.uniform() && pareto.integerProgram() && pareto.greedy() && !pareto.exhaustive());
        assertEquals(20, pareto.random());
    }

    @Test
    void whatIsWrittenReadsBackEqual() {
        ParetoConfig config = parse("exhaustive: true, random: 3, window: 0.1, model: bit-operations, greedy: false,"
                + " subspaces: [{ weights: [lq1], activations: [lq1, uniform8] }]");
        assertEquals(config, ParetoConfig.parse("again.yaml", config.toYaml(), List.of()));
        assertEquals(7, config.withSeed(7).experiment().seed());
    }

    @Test
    void aBudgetTakesThePlaceOfTheSearchsOwnCosts() {
        ParetoConfig config = parse("subspaces: [{ weights: [lq1], activations: [lq1] }]");
        ExperimentConfig at = config.at(0.002, config.pareto().subspaces().getFirst());
        assertEquals(List.of(new Budget(CostModel.BIT_OPERATIONS, 0.002, null)), at.search().costs());
        assertEquals(config.pareto().subspaces().getFirst(), at.space());
    }

    @Test
    void mistakesAreToldWithTheirPlace() {
        refuses("small.yaml:7:35: pareto.randm: unknown key 'randm', did you mean 'random'? Expected one of [model,"
                + " table, budgets, uniform, random, window, integer-program, greedy, exhaustive, subspaces]",
                "randm: 3");
        refuses("small.yaml:7:43: pareto.random: must be at least 0, got -1", "random: -1");
        refuses("small.yaml:7:46: pareto.subspaces: subspace 1 has lq3 for the weights, which the search space has not",
                "subspaces: [{ weights: [lq3], activations: [lq1] }]");
    }

    @Test
    void budgetsMustRiseAndBePossible() {
        assertEquals("--set 'pareto.budgets=[0.01, 0.002]': must rise, got [0.01, 0.002]",
                refusal("pareto.budgets=[0.01, 0.002]"));
        assertEquals(
                "--set 'pareto.budgets=[]': must list at least one budget, a fraction of the float32 network's cost"
                        + " such as 0.01",
                refusal("pareto.budgets=[]"));
        assertEquals("--set 'pareto.budgets=[0.0005, 0.01]': no scheme of the search space meets 0.0005: the cheapest"
                + " has 0.000977 of float32", refusal("pareto.budgets=[0.0005, 0.01]"));
    }

    @Test
    void everyCostModelCanBeCompared() {
        ParetoConfig energy = parse("model: energy", "pareto.budgets=[0.1]");
        assertEquals(new Energy(), energy.at(0.1, energy.experiment().space()).search().costs().getFirst().model());
        refuses("small.yaml:7:42: pareto.table: belongs to the cost model latency, not to bit-operations",
                "table: latency.json");
        assertEquals("small.yaml:7:9: pareto.table: is required: the file that 'darq calibrate' wrote",
                refusal("pareto.model=latency"));
    }

    @Test
    void latenciesAreComparedByTheTableThatIsNamed(@TempDir Path folder) throws IOException {
        Path table = folder.resolve("it's a table.json");
        ExperimentConfig experiment = parse("").experiment();
        Map<LatencyTable.Entry, Double> times = new HashMap<>();
        LatencyTable.needed(experiment.network().shapes(), experiment.layerSpaces())
                .forEach(entry -> times.put(entry, (double) entry.weights().bits()));
        new LatencyFile(Environment.current("scalar", 1), experiment.quantizers().toString(),
                new LatencyTable(0.01, times), List.of()).write(table);
        String model = "model: latency, table: \"" + table + "\"";
        ParetoConfig config = parse(model, "pareto.budgets=[0.1]");
        assertEquals(config, ParetoConfig.parse("again.yaml", config.toYaml(), List.of()));
        Budget budget = config.at(0.1, config.experiment().space()).search().costs().getFirst();
        assertEquals(new Budget(config.pareto().model(), 0.1, null), budget);
    }

    @Test
    void whatItWouldNotUseOfTheSearchsCostIsRefused() {
        String place = "--set 'search.cost=%s': ";
        String two = "[{target: 0.01}, {model: energy, target: 0.1}]";
        assertEquals(
                place.formatted(two) + "must be one cost for 'darq pareto', which searches at one budget of 'pareto'"
                        + " each, got 2",
                refusal("search.cost=" + two));
        for (String cost : List.of("{lambda: 0.1}", "{target: 0.1, slack: 1}")) {
            assertEquals(
                    place.formatted(cost) + "must be a target alone for 'darq pareto', which searches at the budgets"
                            + " of 'pareto' by dual ascent",
                    refusal("search.cost=" + cost));
        }
    }

    @Test
    void rulesForLayersAreRefused() {
        assertEquals("--set 'layers=[{match: linear1, exclude: true}]': must have no rules for 'darq pareto': its"
                + " baselines give every layer the whole space", refusal("layers=[{match: linear1, exclude: true}]"));
    }

    private static String refusal(String... overrides) {
        return String.valueOf(assertThrows(ConfigException.class,
                () -> ParetoConfig.parse("small.yaml", YAML.formatted(""), List.of(overrides))).getMessage());
    }

    @Test
    void aSpaceTooLargeToTrainEverySchemeIsRefusedWithTheirNumber() {
        String refused = refusal("network.layers=[784,8,8,8,8,10]", "pareto.exhaustive=true");
        assertEquals("--set 'pareto.exhaustive=true': the space has 7,776 schemes, too many to train them all (at most"
                + " 4,096)", refused);
    }

    @Test
    void withoutTheSectionThereIsNothingToCompare() {
        String yaml = YAML.lines().filter(line -> !line.startsWith("pareto")).collect(Collectors.joining("\n"));
        ConfigException refused = assertThrows(ConfigException.class,
                () -> ParetoConfig.parse("small.yaml", yaml, List.of()));
        assertEquals("small.yaml:1:1: pareto: is required", refused.getMessage());
    }

    @Test
    void aSearchRunsTheSameFileAndSeesItsMistakes() {
        ExperimentConfig.parse("small.yaml", YAML.formatted(""), List.of());
        assertThrows(ConfigException.class,
                () -> ExperimentConfig.parse("small.yaml", YAML.formatted("randm: 3"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "mnist", "fashion"})
    void theShippedConfigurationsAreGood(String name) {
        ParetoConfig config = ParetoConfig.load(Path.of("search-quality-" + name + ".yaml"), List.of());
        assertEquals("search-quality-" + name, config.experiment().name());
        assertEquals(4, config.pareto().budgets().size());
    }
}
