package dev.darq.experiments.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.search.Augmentation;
import dev.darq.search.CyclicBits;
import dev.darq.search.DirectPrecision;
import dev.darq.search.DistillationSettings;
import dev.darq.search.FallingBits;
import dev.darq.search.LayerByLayer;
import dev.darq.search.LayerCandidates;
import dev.darq.search.QuantizedTrainingSettings;
import dev.darq.search.QuantizedTrainingSettings.Keep;
import dev.darq.search.RateSchedule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinetuneConfigTest {
    private static final String SMALLEST = """
            name: small
            data: { name: mnist }
            network: { layers: [784, 8, 10] }
            variants:
              - { name: two, weights: lq2, activations: lsq2 }
            """;

    private static FinetuneConfig parse(String yaml, String... overrides) {
        return FinetuneConfig.parse("test.yaml", yaml, List.of(overrides));
    }

    private static LayerCandidates candidates(String weights, String activations) {
        return new LayerCandidates(Candidate.parse(weights), Candidate.parse(activations));
    }

    @Test
    void theSmallestConfigurationGetsTheDefaults() {
        FinetuneConfig config = parse(SMALLEST);
        assertEquals(0, config.data().validation());
        assertEquals(128, config.batchSize());
        assertEquals(ActivationFunction.TANH, config.network().activation());
        QuantizedTrainingSettings standard = new QuantizedTrainingSettings(10, 0.002, RateSchedule.COSINE, 0,
                new DirectPrecision(), new DistillationSettings(4, 0), new Augmentation(0, 0), Keep.LAST);
        assertEquals(standard, config.floatTraining());
        assertEquals(List.of(new Variant("two", List.of(candidates("lq2", "lsq2"), candidates("lq2", "lsq2")),
                standard)), config.variants());
        assertEquals(config, parse(config.toYaml()));
    }

    @Test
    void aVariantOverridesWhatHoldsForAll() {
        FinetuneConfig config = parse("""
                name: full
                data: { path: here, validation: 0.1 }
                network: { layers: [9, 8, 7, 3], activation: gelu }
                float: { epochs: 3, learning-rate: 0.5, rate: constant, weight-decay: 0.25, augmentation: { shift: 1 } }
                finetune:
                  epochs: 7
                  learning-rate: 0.125
                  rate: constant
                  weight-decay: 0.5
                  schedule: { type: layers, order: last, until: 0.25 }
                  distillation: { temperature: 2, weight: 0.75 }
                  augmentation: { shift: 2, dropout: 0.125 }
                  keep: best
                variants:
                  - { name: a, weights: sign1, activations: lq1, layers: { linear2: { activations: lq4 } } }
                  - name: b
                    weights: lq1
                    activations: lq1
                    finetune: { epochs: 1, schedule: { type: cyclic, bits: 8 }, augmentation: { dropout: 0 } }
                  - name: c
                    weights: lq1
                    activations: lq1
                    finetune: { schedule: { type: bits, bits: [8, 3], until: 1 }, keep: last }
                """);
        QuantizedTrainingSettings all = new QuantizedTrainingSettings(7, 0.125, RateSchedule.CONSTANT, 0.5,
                new LayerByLayer(true, 0.25), new DistillationSettings(2, 0.75), new Augmentation(2, 0.125), Keep.BEST);
        LayerCandidates one = candidates("sign1", "lq1");
        assertEquals(new Variant("a", List.of(one, candidates("sign1", "lq4"), one), all), config.variants().get(0));
        assertEquals(
                new QuantizedTrainingSettings(1, 0.125, RateSchedule.CONSTANT, 0.5, new CyclicBits(8, 4, 0.5),
                        all.distillation(), new Augmentation(2, 0), Keep.BEST),
                config.variants().get(1).finetune());
        assertEquals(new FallingBits(List.of(8, 3), 1), config.variants().get(2).finetune().schedule());
        assertEquals(Keep.LAST, config.variants().get(2).finetune().keep());
        assertEquals(0.25, config.floatTraining().weightDecay());
        assertEquals(new Augmentation(1, 0), config.floatTraining().augmentation());
        assertEquals(config, parse(config.toYaml()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "variants=[]                           | --set 'variants=[]': must have at least one variant",
            "variants.0.wieghts=lq2                | unknown key 'wieghts', did you mean 'weights'?",
            "variants.0.weights=lq9                | unknown candidate 'lq9', did you mean 'lq1'?",
            "variants.0.weights=token8             | must quantize weights, which token8 does not",
            "variants.0.layers.linear3.weights=lq1 | unknown key 'linear3', did you mean 'linear1'?",
            "variants.0.name=a/b                   | must be 1 to 100 letters, digits",
            "variants.0.name=float32               | must not be used twice, float32 is taken",
            "variants.0.name=..                    | must be 1 to 100 letters, digits",
            "finetune.keep=best                    | variants.0: keeps the best epoch, which needs data.validation above 0",
            "finetune.schedule.type=slow           | unknown schedule 'slow', expected one of",
            "finetune.schedule={type: bits}        | finetune.schedule.bits: is required",
            "finetune.schedule={type: bits, bits: [2, 4]} | must fall, got [2, 4]",
            "finetune.schedule={type: bits, bits: []} | must list at least one width",
            "finetune.schedule={type: cyclic, bits: 2, order: last} | unknown key 'order'",
            "finetune.schedule={type: layers, until: 1.5} | must be at most 1, got 1.5",
            "finetune.distillation.weight=2        | must be at most 1, got 2",
            "finetune.augmentation.dropout=0.95    | must be at most 0.9, got 0.95",
            "float.schedule.type=direct            | unknown key 'schedule'",
            "network.from=nowhere.darq             | nowhere.darq: cannot be read (NoSuchFileException)"})
    void wrongValuesAreRefusedAndNamed(String override, String message) {
        String said = String.valueOf(
                assertThrows(ConfigException.class, () -> parse(SMALLEST, override)).getMessage());
        assertTrue(said.contains(message), said);
    }

    @Test
    void errorsPointAtTheLine() {
        String yaml = SMALLEST + "  - { name: two, weights: lq1, activations: lq1 }\n";
        assertEquals("test.yaml:6:13: variants.1.name: must not be used twice, two is taken",
                assertThrows(ConfigException.class, () -> parse(yaml)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"thesis-mnist", "brevitas-mnist-64", "brevitas-mnist-256"})
    void theShippedConfigurationsAreValid(String name) {
        FinetuneConfig config = FinetuneConfig.load(Path.of(name + ".yaml"), List.of());
        assertEquals(name, config.name());
        assertEquals(config, parse(config.toYaml()));
    }
}
