package dev.darq.experiments.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a configuration is said in one line, with the place. */
class ConfigErrorTest {
    private static final String VALID = """
            name: mine
            seed: 1
            data: { name: mnist, validation: 0.2 }
            network: { type: mlp, layers: [784, 256, 10], activation: tanh }
            space: { weights: [lq1, lq2], activations: [lq1, uniform8] }
            training: { batch-size: 128 }
            search:
              epochs: 8
              relaxation: { temperature: { start: 1.0, end: 0.1 } }
              cost: { model: bit-operations, target: 0.012 }
            finetune: { epochs: 4 }
            """;

    private static String error(String yaml, String... overrides) {
        String message = String.valueOf(assertThrows(ConfigException.class,
                () -> ExperimentConfig.parse("my.yaml", yaml, List.of(overrides))).getMessage());
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "start: 1.0     | start: -1        | my.yaml:9:39: search.relaxation.temperature.start: must be > 0, got -1",
            "start: 1.0     | start: 0.01      | my.yaml:9:50: search.relaxation.temperature.end: must be at most the start, 0.01, got 0.1",
            "epochs: 8      | epochs: -1       | my.yaml:8:11: search.epochs: must be at least 0, got -1",
            "epochs: 8      | epochs: 10001    | my.yaml:8:11: search.epochs: must be at most 10000, got 10001",
            "epochs: 8      | epochs: 8.0      | my.yaml:8:11: search.epochs: must be a whole number, got '8.0'",
            "epochs: 8      | epochs: '8'      | my.yaml:8:11: search.epochs: must be a whole number, got '8'",
            "epochs: 8      | epochs:          | my.yaml:8:10: search.epochs: must be a whole number, got nothing",
            "epochs: 8      | epochs: [8]      | my.yaml:8:11: search.epochs: must be a whole number, got a list",
            "epochs: 8      | epochs: {a: 8}   | my.yaml:8:11: search.epochs: must be a whole number, got a section",
            "epochs: 8      | settling-epochs: 8 | my.yaml:8:20: search.settling-epochs: must be at most 7, got 8",
            "epochs: 8      | settling-epochs: -1 | my.yaml:8:20: search.settling-epochs: must be at least 0, got -1",
            "seed: 1        | seed: 99999999999999999999 | my.yaml:2:7: seed: must be a whole number of at most 64 bits, got '99999999999999999999'",
            "relaxation: {  | relaxation: { entropy: {start: 1}, | my.yaml:9:34: search.relaxation.entropy.start: must be at most 0.99, got 1",
            "epochs: 8      | early-stopping: {} | my.yaml:8:19: search.early-stopping.curvature: is required",
            "epochs: 8      | early-stopping: {curvature: {factor: 1}} | my.yaml:8:40: search.early-stopping.curvature.factor: must be > 1, got 1",
            "epochs: 8      | error: {weight: 1, target: 1} | my.yaml:8:10: search.error: needs either a fixed 'weight' or a 'target', not both",
            "epochs: 8      | error: {weighting: fixed} | my.yaml:8:22: search.error.weighting: fixed needs a 'weight'",
            "epochs: 8      | error: {weighting: dual-ascent} | my.yaml:8:22: search.error.weighting: dual-ascent needs a 'target'",
            "epochs: 8      | error: {weighting: uncertainty, weight: 1} | my.yaml:8:22: search.error.weighting: uncertainty learns the multiplier, leave 'weight' out",
            "epochs: 8      | error: {weighting: uncertainty, target: 1} | my.yaml:8:43: search.error.target: does not go with weighting uncertainty",
            "target: 0.012  | target: 0        | my.yaml:10:42: search.cost.target: must be > 0, got 0",
            "target: 0.012  | target: 1.5      | my.yaml:10:42: search.cost.target: must be at most 1, got 1.5",
            "target: 0.012  | target: .nan     | my.yaml:10:42: search.cost.target: must be a finite number, got '.nan'",
            "target: 0.012  | target: .inf     | my.yaml:10:42: search.cost.target: must be a finite number, got '.inf'",
            "target: 0.012  | target: 1e999    | my.yaml:10:42: search.cost.target: must be a finite number, got '1e999'",
            "target: 0.012  | target: NaN      | my.yaml:10:42: search.cost.target: must be a finite number, got 'NaN'",
            "validation: 0.2 | validation: 0.6 | my.yaml:3:34: data.validation: must be at most 0.5, got 0.6",
            "batch-size: 128 | batch-size: 0   | my.yaml:6:25: training.batch-size: must be at least 1, got 0",
            "batch-size: 128 | learning-rate: 11 | my.yaml:6:28: training.learning-rate: must be at most 10, got 11",
            "batch-size: 128 | weight-decay: -1 | my.yaml:6:27: training.weight-decay: must be at least 0, got -1",
            "type: mlp, layers: [784, 256, 10], activation: tanh | type: transformer, depth: 2 | my.yaml:4:10: network.width: is required",
            "type: mlp, layers: [784, 256, 10], activation: tanh | type: transformer, width: 32, depth: 0 | my.yaml:4:49: network.depth: must be at least 1, got 0",
            "type: mlp, layers: [784, 256, 10], activation: tanh | type: transformer, width: 32, depth: 2, heads: 5 | my.yaml:4:59: network.heads: must divide the width, 32, got 5",
            "type: mlp, layers: [784, 256, 10], activation: tanh | type: transformer, width: 32, depth: 2, layers: [3] | my.yaml:4:52: network.layers: unknown key 'layers', expected one of [type, tokens, features, width, depth, heads, activation, classes]",
            "256, 10        | 0, 10            | my.yaml:4:37: network.layers.1: must be at least 1, got 0",
            "256, 10        | 65537            | my.yaml:4:37: network.layers.1: must be at most 65536, got 65537",
            "784, 256, 10   | 784              | my.yaml:4:31: network.layers: must have 2 to 64 sizes, from the input's to the output's, got 1",
            "784, 256, 10   | 65536, 65536     | my.yaml:4:31: network.layers: a layer of 65536 x 65536 weights is too large, at most 268435456 are possible",
            "seed: 1        | threads: 0       | my.yaml:2:10: threads: must be at least 1, got 0",
            "name: mine     | name: ../up      | my.yaml:1:7: name: must be 1 to 100 letters, digits, dots, underscores and hyphens, got '../up'",
            "name: mine     | name: [mine]     | my.yaml:1:7: name: must be text, got a list",
            "name: mine     | threads: 1       | my.yaml:1:1: name: is required",
            "name: mnist,   | ``               | my.yaml:3:7: data: needs either a 'name' (one of [mnist, fashion-mnist]) or a 'path' to a folder",
            "seed: 1        | baselines: [lq1, lq1] | my.yaml:2:18: baselines.1: lq1 is listed twice",
            "seed: 1        | results: {directory: ''} | my.yaml:2:22: results.directory: must be a path, got nothing",
            "seed: 1        | quantizers: {lq-offset: {weights: 1}} | my.yaml:2:35: quantizers.lq-offset.weights: must be true or false, got '1'",
            "seed: 1        | quantizers: {granularity: row} | my.yaml:2:27: quantizers.granularity: unknown granularity 'row', expected one of [paper, tensor, channel, group]",
            "seed: 1        | quantizers: {group-size: 0} | my.yaml:2:26: quantizers.group-size: must be at least 1, got 0",
            "seed: 1        | quantizers: {clip: quux} | my.yaml:2:20: quantizers.clip: unknown clip 'quux', expected one of [max, percentile, mse]",
            "seed: 1        | baselines: [ternary2] | my.yaml:2:13: baselines.0: must quantize activations, which ternary2 does not",
            "lq1, lq2       | lq1, token8      | my.yaml:5:25: space.weights.1: must quantize weights, which token8 does not",
            "target: 0.012  | target: 1, slack: 0 | my.yaml:10:52: search.cost.slack: must be > 0, got 0",
            "target: 0.012  | lambda: 1, slack: 0.1 | my.yaml:10:52: search.cost.slack: belongs to a target, which this cost has not",
            "target: 0.012  | lambda: 1, target: 0.1 | my.yaml:10:9: search.cost: needs either a 'target' or a fixed 'lambda', not both",
            "target: 0.012  | slack: 0.1       | my.yaml:10:9: search.cost: needs either a 'target' (a fraction of the float32 network's cost) or a fixed 'lambda'",
            "target: 0.012  | bytes: 7         | my.yaml:10:41: search.cost.bytes: is no unit of bit-operations",
            "bit-operations, target: 0.012 | weight-bytes, bytes: 814137 | my.yaml:10:39: search.cost.bytes: must be at most what the float32 network has, 814120 bytes, got 814137",
            "bit-operations, target: 0.012 | energy, target: 1, picojoules: 1 | my.yaml:10:49: search.cost.picojoules: is a second target",
            "bit-operations, target: 0.012 | latency, target: 1 | my.yaml:10:9: search.cost.table: is required: the file that 'darq calibrate' wrote",
            "bit-operations, target: 0.012 | latency, target: 1, table: none.json | my.yaml:10:45: search.cost.table: none.json: cannot be read (NoSuchFileException); 'darq calibrate' writes it",
            "target: 0.012  | target: 1, table: none.json | my.yaml:10:52: search.cost.table: belongs to the cost model latency, not to bit-operations",
            "seed: 1        | layers: [{match: 'conv*', exclude: true}] | my.yaml:2:18: layers.0.match: matches no layer, they are [linear1, linear2]",
            "seed: 1        | layers: [{match: '[', exclude: true}] | my.yaml:2:18: layers.0.match: is no glob: Missing ']",
            "seed: 1        | layers: [{match: linear1, tie: weights}] | my.yaml:2:18: layers.0.match: matches only linear1, a tie needs at least two of [linear1, linear2]",
            "seed: 1        | layers: [{match: linear1, exclude: true}, {match: 'linear*', pin: {weights: lq1, activations: lq1}}] | my.yaml:2:10: layers.0: has no effect: later rules say something else about all of it",
            "seed: 1        | layers: [{match: 'linear*', tie: weights}, {match: linear2, pin: {weights: lq1}}] | my.yaml:2:10: layers.0: has no effect: later rules leave less than two layers in this tie",
            "seed: 1        | discretisation: {steps: 3} | my.yaml:2:25: discretisation.steps: are those of the perturbations, and need 'perturbations: true'",
            "seed: 1        | discretisation: {weight: 3} | my.yaml:2:26: discretisation.weight: is that of the perturbations, and needs 'perturbations: true'",
            "seed: 1        | layers: [{match: linear1}] | my.yaml:2:10: layers.0: needs one of 'tie', 'pin' and 'exclude'",
            "seed: 1        | layers: [{match: linear1, exclude: true, tie: weights}] | my.yaml:2:10: layers.0: needs one of 'tie', 'pin' and 'exclude'",
            "seed: 1        | layers: [{match: linear1, exclude: false}] | my.yaml:2:36: layers.0.exclude: must be true; leave the rule out otherwise",
            "seed: 1        | layers: [{match: linear1, pin: {}}] | my.yaml:2:32: layers.0.pin: needs a candidate for 'weights', for 'activations' or for both",
            "seed: 1        | layers: [{match: linear1, pin: {weights: token8}}] | my.yaml:2:42: layers.0.pin.weights: must quantize weights, which token8 does not",
            "seed: 1        | layers: [{match: 'linear*', tie: both}] | my.yaml:2:34: layers.0.tie: unknown tie 'both', expected one of [weights, activations, weights-and-activations]",
            "seed: 1        | discretisation: {method: best} | my.yaml:2:26: discretisation.method: unknown method 'best', expected one of [argmax, exact]",
            "lq1, uniform8  | xnor1            | my.yaml:5:45: space.activations.0: must quantize activations, which xnor1 does not",
            "lq1, lq2       | lq1, lq1         | my.yaml:5:25: space.weights.1: lq1 is listed twice",
            "lq1, lq2       | ``               | my.yaml:5:19: space.weights: must list at least one candidate, such as lq2 or uniform8",
            "[lq1, lq2]     | lq1              | my.yaml:5:19: space.weights: must be a list, got 'lq1'"})
    void pointsAtTheValue(String from, String to, String expected) {
        assertTrue(VALID.contains(from), from);
        assertEquals(expected, error(VALID.replaceFirst("\\Q" + from + "\\E", to)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "temperature: | temprature: | my.yaml:9:17: search.relaxation.temprature: unknown key 'temprature', did you mean 'temperature'? Expected one of [type, temperature, entropy]",
            "finetune:     | fine-tune:  | my.yaml:11:1: fine-tune: unknown key 'fine-tune', did you mean 'finetune'? Expected one of [name, seed, threads, data, network, quantizers, space, layers, training, search, discretisation, finetune, baselines, results, pareto, checkpoints]",
            "target:       | quux:       | my.yaml:10:34: search.cost.quux: unknown key 'quux', expected one of [model, target, bytes, picojoules, microseconds, lambda, weighting, slack, table]",
            "tanh          | tahn        | my.yaml:4:59: network.activation: unknown activation function 'tahn', did you mean 'tanh'? Expected one of [tanh, relu, sigmoid, gelu]",
            "type: mlp     | type: cnn   | my.yaml:4:18: network.type: unknown network type 'cnn', expected one of [mlp, transformer]",
            "mnist         | minst       | my.yaml:3:15: data.name: unknown data set 'minst', did you mean 'mnist'? Expected one of [mnist, fashion-mnist]",
            "seed: 1       | search: {order: second} | my.yaml:7:1: 'search' is given twice, first in line 2",
            "epochs: 8     | order: third | my.yaml:8:10: search.order: unknown order 'third', expected one of [first, second, single-level]",
            "temperature:  | type: gumbel, temperature: | my.yaml:9:23: search.relaxation.type: unknown relaxation 'gumbel', expected one of [softmax, gumbel-softmax, gumbel-hard]",
            "target:       | weighting: kendall, target: | my.yaml:10:45: search.cost.weighting: unknown weighting 'kendall', expected one of [fixed, dual-ascent, uncertainty]",
            "bit-operations | bit-operation | my.yaml:10:18: search.cost.model: unknown cost model 'bit-operation', did you mean 'bit-operations'? Expected one of [bit-operations, weight-bytes, activation-bytes, energy, latency]"})
    void suggestsWhatWasMeant(String from, String to, String expected) {
        assertTrue(VALID.contains(from), from);
        assertEquals(expected, error(VALID.replaceFirst("\\Q" + from + "\\E", to)));
    }

    @Test
    void suggestsTheNearestCandidate() {
        String message = error(VALID.replace("uniform8]", "unifrom8]"));
        assertTrue(message.startsWith("my.yaml:5:50: space.activations.1: unknown candidate 'unifrom8', "
                + "did you mean 'uniform8'? Expected one of [lsq1, "), message);
        assertTrue(
                error(VALID.replace("uniform8]", "uniform5]")).contains("unknown candidate 'uniform5', did you mean"));
    }

    @Test
    void refusesContradictingCosts() {
        assertEquals(
                "my.yaml:10:9: search.cost: needs either a 'target' or a fixed 'lambda', not both",
                error(VALID.replace("target: 0.012", "target: 0.1, lambda: 1")));
        assertEquals("my.yaml:8:3: search.cost: is required",
                error(VALID.replaceFirst("  cost: .*\n", "")));
        assertTrue(
                error(VALID.replaceFirst("cost: .*", "cost: []")).endsWith("search.cost: must have at least one cost"));
        assertTrue(error(VALID.replaceFirst("cost: .*", "cost: [{target: 0.1}, {lambda: 1}]"))
                .endsWith("search.cost: must have each cost model only once"));
        assertTrue(error(VALID.replaceFirst("cost: .*", "cost: [{target: 0.1}, {model: weight-bytes, lambda: -1}]"))
                .endsWith("search.cost.1.lambda: must be at least 0, got -1"));
    }

    @Test
    void refusesDescentOnLambdaAndSaysWhy() {
        String why = "plain gradient descent on lambda is ill-posed: the loss's derivative by lambda is the term itself, "
                + "which is positive, so lambda runs to 0 and the term is ignored; use one of [fixed, dual-ascent, "
                + "uncertainty]";
        assertEquals("my.yaml:10:60: search.cost.weighting: " + why,
                error(VALID.replace("target: 0.012", "target: 0.012, weighting: descent")));
        assertEquals("my.yaml:8:22: search.error.weighting: " + why,
                error(VALID.replace("epochs: 8", "error: {weighting: descent}")));
    }

    @Test
    void refusesACostThatDoesNotFitItsWeighting() {
        assertTrue(error(VALID.replace("target: 0.012", "target: 0.1, lambda: 1, weighting: fixed"))
                .endsWith("search.cost.target: does not go with a fixed lambda"));
        assertTrue(error(VALID.replace("target: 0.012", "lambda: 1, weighting: uncertainty"))
                .endsWith("search.cost.weighting: uncertainty learns the multiplier, leave 'lambda' out"));
        assertTrue(error(VALID.replace("target: 0.012", "weighting: dual-ascent"))
                .endsWith("search.cost.weighting: dual-ascent needs a 'target'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "data", "network", "space", "search", "finetune"})
    void namesAMissingKey(String key) {
        String without = VALID.replaceFirst("(?m)^" + key + ":.*\n(  .*\n)*", "");
        assertTrue(error(without).matches("my\\.yaml:1:1: " + key + ": is required"), error(without));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "`name: a\ndata: [1, 2\nseed: 1\n`  | my.yaml:3:5: not valid YAML: ",
            "`name: a\n\tseed: 1\n`              | my.yaml:2:1: not valid YAML: ",
            "`name: a\nseed: 1: 2\n`             | my.yaml:2:8: not valid YAML: ",
            "`name: a\n---\nname: b\n`           | my.yaml:2:1: not valid YAML: ",
            "`name: *unknown\n`                  | my.yaml:1:7: not valid YAML: ",
            "`name: a\u0007\n`                   | my.yaml:1:8: not valid YAML: character U+0007 is not allowed",
            "``                                  | my.yaml: is empty",
            "`# nothing but a comment\n`         | my.yaml: is empty",
            "`just text`                         | my.yaml:1:1: must be a section",
            "`- a\n- b\n`                        | my.yaml:1:1: must be a section",
            "`? [a, b]\n: c\n`                   | my.yaml:1:3: a key must be a plain word",
            "`name: &n a\ndata: *n\n`            | my.yaml:1:7: anchors and aliases (&n) are not supported",
            "`<<: {name: a}\n`                   | my.yaml:1:1: <<: unknown key '<<'",
            "`name: !!java.net.URL a\n`          | my.yaml:1:7: not valid YAML: Global tag is not allowed",
            "`name: !secret a\n`                | my.yaml:1:7: the tag !secret is not supported"})
    void refusesWhatIsNoConfiguration(String yaml, String beginning) {
        String message = error(yaml);
        assertTrue(message.startsWith(beginning), message);
    }

    @Test
    void refusesAnAliasBombAtItsFirstAnchor() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append(
                    "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1, i - 1));
        }
        assertTrue(error(bomb.toString()).contains("my.yaml"));
        assertEquals("my.yaml:1:4: anchors and aliases (&a) are not supported", error("a: &a [*a]\n"));
    }

    @Test
    void refusesAbsurdNesting() {
        assertTrue(error("a: " + "[".repeat(100_000)).startsWith("my.yaml: not usable as a configuration: Nesting"));
    }

    @Test
    void saysWhichFilesItCannotRead(@TempDir Path folder) throws IOException {
        assertEquals(folder + ": is a directory, expected a YAML file", loading(folder));
        assertEquals(folder.resolve("none.yaml") + ": no such file", loading(folder.resolve("none.yaml")));
        Path file = folder.resolve("a.yaml");
        Files.write(file, "name: gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ":1:9: is not UTF-8 text (byte 0xFC)", loading(file));
        Files.write(file, new byte[] {'a', ':', ' ', 'b', '\n', (byte) 0xc3});
        assertEquals(file + ":2:1: is not UTF-8 text (byte 0xC3)", loading(file));
        Files.write(file, new byte[0]);
        assertEquals(file + ": is empty, expected a configuration in YAML", loading(file));
        Files.write(file, new byte[(1 << 20) + 1]);
        assertEquals(file + ": is larger than 1 MiB, no configuration is", loading(file));
    }

    private static String loading(Path file) {
        return String
                .valueOf(
                        assertThrows(ConfigException.class, () -> ExperimentConfig.load(file, List.of())).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "seed                | --set 'seed': expected path=value with a path such as search.epochs or space.weights.0",
            "=1                  | --set '=1': expected path=value with a path such as search.epochs or space.weights.0",
            "search..epochs=1    | --set 'search..epochs=1': expected path=value with a path such as search.epochs or space.weights.0",
            "search.epochs=many  | --set 'search.epochs=many': must be a whole number, got 'many'",
            "search.epochs=      | --set 'search.epochs=': must be a whole number, got nothing",
            "search={epochs: no} | --set 'search={epochs: no}': search.epochs: must be a whole number, got 'no'",
            "search.epohcs=1     | --set 'search.epohcs=1': unknown key 'epohcs', did you mean 'epochs'? Expected one of [warmup-epochs, epochs, settling-epochs, order, alpha-learning-rate, relaxation, cost, error, early-stopping]",
            "serch.epochs=1      | --set 'serch.epochs=1': serch: unknown key 'serch', did you mean 'search'? Expected one of [name, seed, threads, data, network, quantizers, space, layers, training, search, discretisation, finetune, baselines, results, pareto, checkpoints]",
            "seed.x=1            | --set 'seed.x=1': 'seed' is neither a section nor a list, it has no 'x'",
            "space.weights.9=lq1 | --set 'space.weights.9=lq1': 'space.weights' is a list of 2, '9' is none of its indices (0 to 1)",
            "space.weights.a=lq1 | --set 'space.weights.a=lq1': 'space.weights' is a list of 2, 'a' is none of its indices (0 to 1)",
            "space.weights.1=lq1 | --set 'space.weights.1=lq1': lq1 is listed twice",
            "data.path=here      | my.yaml:3:7: data: needs either a 'name' (one of [mnist, fashion-mnist]) or a 'path' to a folder"})
    void namesTheOverride(String override, String expected) {
        assertEquals(expected, error(VALID, override));
    }

    @Test
    void saysWhenAnOverrideIsNoYaml() {
        assertTrue(error(VALID, "space.weights=[lq1").startsWith("--set 'space.weights=[lq1': not valid YAML: "));
        assertTrue(error(VALID, "seed=&a 1").startsWith("--set 'seed=&a 1': anchors and aliases"));
    }
}
