package dev.darq.experiments.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.data.DataSource;
import dev.darq.experiments.data.KnownDataSet;
import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Clip;
import dev.darq.quantizers.Granularity;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.MlpSpec;
import dev.darq.search.TransformerSpec;
import dev.darq.search.ActivationBytes;
import dev.darq.search.Budget;
import dev.darq.search.CostModel;
import dev.darq.search.DiscretisationSettings;
import dev.darq.search.DiscretisationSettings.Alphas;
import dev.darq.search.DiscretisationSettings.Method;
import dev.darq.search.EarlyStopping;
import dev.darq.search.Energy;
import dev.darq.search.ErrorTerm;
import dev.darq.search.FinetuneSettings;
import dev.darq.search.GumbelSoftmax;
import dev.darq.search.LayerRule;
import dev.darq.search.Order;
import dev.darq.search.RelaxationSettings;
import dev.darq.search.RelaxationSettings.EntropyPenalty;
import dev.darq.search.RelaxationSettings.Temperature;
import dev.darq.search.Softmax;
import dev.darq.search.TrainingSettings;
import dev.darq.search.WeightBytes;
import dev.darq.search.Weighting;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentConfigTest {
    static final String SMALLEST = """
            name: small
            data: { name: mnist }
            network: { layers: [784, 10] }
            space:
              weights: [lq1]
              activations: [uniform8, float32]
            search:
              cost: { target: 0.5 }
            finetune: {}
            """;

    static ExperimentConfig parse(String yaml, String... overrides) {
        return ExperimentConfig.parse("test.yaml", yaml, List.of(overrides));
    }

    @Test
    void theSmallestConfigurationGetsTheDefaults() {
        ExperimentConfig config = parse(SMALLEST);
        assertEquals("small", config.name());
        assertEquals(1, config.seed());
        assertEquals(2, config.threads());
        assertEquals(new DataSettings(new DataSource.Named(KnownDataSet.MNIST), 0.2), config.data());
        assertEquals(new MlpSpec(List.of(784, 10), ActivationFunction.TANH), config.network());
        assertEquals(QuantizerSettings.DEFAULT, config.quantizers());
        assertEquals(new TrainingSettings(128, 0.001, 0), config.training());
        assertEquals(2, config.search().warmupEpochs());
        assertEquals(8, config.search().epochs());
        assertEquals(2, config.search().settlingEpochs(), "a quarter of them");
        assertEquals(0.01, config.search().alphaLearningRate());
        assertEquals(Order.FIRST, config.search().order());
        assertEquals(new RelaxationSettings(new Softmax(), new Temperature(1, 0.1), EntropyPenalty.NONE),
                config.search().relaxation());
        assertEquals(List.of(new Budget(CostModel.BIT_OPERATIONS, 0.5, null)), config.search().costs());
        assertEquals(ErrorTerm.fixed(0.1), config.search().error());
        assertNull(config.search().earlyStopping());
        assertEquals(new FinetuneSettings(4, 0.0005), config.finetune());
        assertEquals(List.of(Candidate.parse("uniform8"), Candidate.parse("uniform4")), config.baselines());
        assertEquals(Path.of("results/runs"), config.results().directory());
    }

    @Test
    void everyValueCanBeWritten() {
        ExperimentConfig config = parse("""
                name: full.one-2
                seed: -7
                threads: 1
                data: { path: some/folder, validation: 0.5 }
                network: { type: mlp, layers: [4, 3, 2], activation: gelu }
                quantizers:
                  lq-offset: { weights: true, activations: false }
                  granularity: group
                  group-size: 32
                  clip: mse
                  stochastic-sign: true
                space: { weights: [lsq+4, ternary2], activations: [pact8, lq2, token8] }
                training: { batch-size: 16, learning-rate: 1e-2, weight-decay: 1.5e-4 }
                search:
                  warmup-epochs: 0
                  epochs: 10000
                  settling-epochs: 9999
                  order: second
                  alpha-learning-rate: 10
                  relaxation:
                    type: gumbel-hard
                    temperature: { start: 5, end: 5.0 }
                    entropy: { weight: 0.5, start: 0 }
                  cost:
                    - { model: weight-bytes, lambda: 0 }
                    - { model: bit-operations, target: 1, slack: 0.5 }
                    - { model: energy, picojoules: 100 }
                    - { model: activation-bytes, bytes: 14 }
                  error: { weight: 0 }
                  early-stopping: { curvature: { every: 2, factor: 1.5, window: 4 } }
                layers:
                  - { match: "*1", exclude: true }
                  - { match: "linear*", tie: weights }
                  - { match: linear2, pin: { activations: uniform8 } }
                discretisation: { method: argmax, perturbations: true, steps: 30, weight: 2.5, alphas: reset }
                finetune: { epochs: 0, learning-rate: .5 }
                baselines: []
                results: { directory: elsewhere }
                """);
        assertEquals(new DataSettings(new DataSource.Folder(Path.of("some/folder")), 0.5), config.data());
        assertEquals(ActivationFunction.GELU, assertInstanceOf(MlpSpec.class, config.network()).activation());
        assertEquals(new QuantizerSettings(true, false, Granularity.GROUP, 32, Clip.MSE, true), config.quantizers());
        assertEquals(new TrainingSettings(16, 0.01, 0.00015), config.training());
        double energy = config.network().shapes().stream().mapToDouble(new Energy()::reference).sum();
        assertEquals(
                List.of(new Budget(new WeightBytes(config.quantizers()), null, 0.0),
                        new Budget(CostModel.BIT_OPERATIONS, 1.0, null).withSlack(0.5),
                        new Budget(new Energy(), 100 / energy, null), new Budget(new ActivationBytes(), 0.5, null)),
                config.search().costs());
        assertEquals(Order.SECOND, config.search().order());
        assertEquals(
                new RelaxationSettings(new GumbelSoftmax(true), new Temperature(5, 5), new EntropyPenalty(0.5, 0)),
                config.search().relaxation());
        assertEquals(ErrorTerm.fixed(0), config.search().error());
        assertEquals(new EarlyStopping(2, 1.5, 4), config.search().earlyStopping());
        assertEquals(
                List.of(new LayerRule.Exclude("*1"), new LayerRule.Tie("linear*", LayerRule.Tied.WEIGHTS),
                        new LayerRule.Pin("linear2", null, Candidate.parse("uniform8"))),
                config.layers().rules());
        assertEquals(new DiscretisationSettings(Method.ARGMAX, true, 30, 2.5, Alphas.RESET), config.discretisation());
        assertEquals(List.of(), config.baselines());
        assertEquals(config, parse(config.toYaml()));
    }

    @Test
    void everyTermOfTheObjectiveHasItsWeighting() {
        ExperimentConfig config = parse(SMALLEST,
                "search.cost=[{target: 0.5, weighting: uncertainty, slack: 0.1}, {model: weight-bytes, weighting: uncertainty}]",
                "search.error={weighting: uncertainty}");
        assertEquals(List.of(new Budget(CostModel.BIT_OPERATIONS, 0.5, null, Weighting.UNCERTAINTY, 0.1),
                new Budget(CostModel.WEIGHT_BYTES, null, null, Weighting.UNCERTAINTY, Budget.DEFAULT_SLACK)),
                config.search().costs());
        assertEquals(new ErrorTerm(Weighting.UNCERTAINTY, null, null), config.search().error());
        assertEquals(config, parse(config.toYaml()));
        ExperimentConfig ascent = parse(SMALLEST, "search.error={target: 0.02}",
                "search.cost={lambda: 2, weighting: fixed}");
        assertEquals(new ErrorTerm(Weighting.DUAL_ASCENT, 0.02, null), ascent.search().error());
        assertEquals(List.of(new Budget(CostModel.BIT_OPERATIONS, null, 2.0)), ascent.search().costs());
        assertEquals(ascent, parse(ascent.toYaml()));
    }

    @Test
    void theResolvedConfigurationReadsBackAsTheSame() {
        ExperimentConfig config = parse(SMALLEST);
        String yaml = config.toYaml();
        assertTrue(yaml.contains("validation: 0.2"), yaml);
        assertEquals(config, parse(yaml));
        assertEquals(yaml, parse(yaml).toYaml());
    }

    @Test
    void aDifferentConfigurationIsNotEqual() {
        assertTrue(!parse(SMALLEST).equals(parse(SMALLEST, "seed=2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"123", "1e3", "true", "null-1", "2024-01-01", "a_b.c"})
    void aNameMayLookLikeSomethingElse(String name) {
        ExperimentConfig config = parse(SMALLEST, "name=" + name);
        assertEquals(name, config.name());
        assertEquals(name, parse(config.toYaml()).name());
    }

    @Test
    void theShippedTransformerIsTheOneOfTheBenchmark() {
        ExperimentConfig config = ExperimentConfig.load(Path.of("mnist-transformer.yaml"), List.of());
        assertEquals(new TransformerSpec(28, 28, 128, 4, 4, ActivationFunction.GELU, 10), config.network());
        assertEquals(2 + 4 * 6, config.network().shapes().size());
        assertEquals(config, parse(config.toYaml()));
    }

    @Test
    void whatNeedsPackedNetworksRefusesATransformer() {
        String transformer = "network={ type: transformer, width: 8, depth: 1 }";
        assertTrue(String.valueOf(assertThrows(ConfigException.class,
                () -> CalibrationConfig.parse("test.yaml", SMALLEST, List.of(transformer))).getMessage()).endsWith(
                        "network.type: must be mlp: the packed runtime, which this command needs, has no attention"));
        assertTrue(String.valueOf(assertThrows(ConfigException.class,
                () -> ParetoConfig.parse("test.yaml", SMALLEST, List.of(transformer))).getMessage())
                .contains("network.type: must be mlp for 'darq pareto'"));
        assertTrue(String.valueOf(assertThrows(ConfigException.class,
                () -> parse(SMALLEST, transformer, "search.cost={ model: latency, table: any.json, target: 0.5 }"))
                .getMessage()).contains("search.cost.table: latencies are those of the packed runtime"));
    }

    @Test
    void theShippedConfigurationIsValid() {
        ExperimentConfig config = ExperimentConfig.load(Path.of("mnist-mlp.yaml"), List.of());
        assertEquals("mnist-mlp", config.name());
        assertEquals(new MlpSpec(List.of(784, 512, 10), ActivationFunction.TANH), config.network());
        assertEquals(9, config.space().weights().size());
        assertEquals(config, parse(config.toYaml()));
    }

    @Test
    void anyPlaceCanBePointedAt() {
        ExperimentConfig config = parse(SMALLEST, "network.layers=[9,10]", "data.validation=0.3");
        assertEquals("--set 'network.layers=[9,10]': must begin with 784",
                config.source().error("network.layers", "must begin with 784").getMessage());
        assertEquals("test.yaml:5:13: space.weights.0: no",
                config.source().error("space.weights.0", "no").getMessage());
        assertEquals("test.yaml:5:3: space.nowhere: no", config.source().error("space.nowhere", "no").getMessage());
    }

    @Test
    void overridesReplaceAddAndReachIntoLists() {
        ExperimentConfig config = parse(SMALLEST, "seed=5", "seed=6", "space.weights.0=lq2", "search.cost.target=0.25",
                "search.relaxation.temperature.start=2", "data={path: here}", "results.directory=out=side",
                "threads=1");
        assertEquals(6, config.seed());
        assertEquals(List.of(Candidate.parse("lq2")), config.space().weights());
        assertEquals(List.of(new Budget(CostModel.BIT_OPERATIONS, 0.25, null)), config.search().costs());
        assertEquals(new Temperature(2, 0.1), config.search().relaxation().temperature());
        assertEquals(new DataSource.Folder(Path.of("here")), config.data().source());
        assertEquals(Path.of("out=side"), config.results().directory());
    }

    @Test
    void anOverrideMendsWhatTheFileHasWrong() {
        assertThrows(ConfigException.class, () -> parse(SMALLEST + "seed: many\n"));
        assertEquals(3, parse(SMALLEST + "seed: many\n", "seed=3").seed());
    }
}
