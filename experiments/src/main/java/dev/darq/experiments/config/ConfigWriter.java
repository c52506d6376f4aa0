package dev.darq.experiments.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.darq.experiments.data.DataSource;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.DiscretisationSettings;
import dev.darq.search.LayerRule;
import dev.darq.search.MlpSpec;
import dev.darq.search.NetworkSpec;
import dev.darq.search.SearchSpace;
import dev.darq.search.TransformerSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a configuration with every value, in the order and under the names that {@link ConfigReader} reads. */
final class ConfigWriter {
    private static final YAMLMapper YAML = YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private ConfigWriter() {}

    static String toYaml(ExperimentConfig config) {
        return toYaml(tree(config));
    }

    static String toYaml(ParetoConfig config) {
        Map<String, Object> tree = tree(config.experiment());
        ParetoSettings pareto = config.pareto();
        Map<String, Object> section = SearchWriter.model(pareto.model());
        section.putAll(map("budgets", pareto.budgets(), //
                "uniform", pareto.uniform(), //
                "random", pareto.random(), //
                "window", pareto.window(), //
                "integer-program", pareto.integerProgram(), //
                "greedy", pareto.greedy(), //
                "exhaustive", pareto.exhaustive(), //
                "subspaces", pareto.subspaces().stream().map(ConfigWriter::space).toList()));
        tree.put("pareto", section);
        return toYaml(tree);
    }

    static String toYaml(Map<String, Object> tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no YAML for " + tree, e);
        }
    }

    private static Map<String, Object> tree(ExperimentConfig config) {
        return map("name", config.name(), //
                "seed", config.seed(), //
                "threads", config.threads(), //
                "data", data(config.data()), //
                "network", network(config.network()), //
                "quantizers", quantizers(config.quantizers()), //
                "space", space(config.space()), //
                "layers", config.layers().rules().stream().map(ConfigWriter::rule).toList(), //
                "training",
                map("batch-size", config.training().batchSize(), "learning-rate", config.training().learningRate(),
                        "weight-decay", config.training().weightDecay()),
                "search", SearchWriter.tree(config.search()), //
                "discretisation", discretisation(config.discretisation()), //
                "finetune",
                map("epochs", config.finetune().epochs(), "learning-rate", config.finetune().learningRate()),
                "baselines", names(config.baselines()), //
                "results", map("directory", config.results().directory().toString()), //
                "checkpoints", map("every", checkpoints(config.checkpoints())));
    }

    private static Object checkpoints(CheckpointSettings settings) {
        return settings.everySteps() == 0 ? settings.label() : settings.everySteps();
    }

    /** What the results depend on: everything but where they go and how often the run is saved. */
    static String identity(ExperimentConfig config) {
        Map<String, Object> tree = tree(config);
        tree.keySet().removeAll(List.of("results", "checkpoints"));
        return toYaml(tree);
    }

    private static Map<String, Object> space(SearchSpace space) {
        return map("weights", names(space.weights()), "activations", names(space.activations()));
    }

    static Map<String, Object> network(NetworkSpec network) {
        return switch (network) {
            case MlpSpec mlp -> map("type", "mlp", "layers", mlp.layers(), "activation",
                    ConfigReader.lowerCase(mlp.activation()));
            case TransformerSpec transformer -> map("type", "transformer", "tokens", transformer.tokens(), "features",
                    transformer.features(), "width", transformer.width(), "depth", transformer.depth(), "heads",
                    transformer.heads(), "activation", ConfigReader.lowerCase(transformer.activation()), "classes",
                    transformer.classes());
        };
    }

    static Map<String, Object> quantizers(QuantizerSettings settings) {
        return map("lq-offset",
                map("weights", settings.lqWeightOffset(), "activations", settings.lqActivationOffset()), //
                "granularity", settings.granularity().label(), //
                "group-size", settings.groupSize(), //
                "clip", settings.clip().label(), //
                "stochastic-sign", settings.stochasticSign());
    }

    static Map<String, Object> data(DataSettings data) {
        Map<String, Object> map = switch (data.source()) {
            case DataSource.Named named -> map("name", named.dataSet().name());
            case DataSource.Folder folder -> map("path", folder.path().toString());
        };
        map.put("validation", data.validation());
        return map;
    }

    private static Map<String, Object> rule(LayerRule rule) {
        Map<String, Object> map = map("match", rule.match());
        switch (rule) {
            case LayerRule.Tie tie -> map.put("tie", SpaceReader.label(tie.tied()));
            case LayerRule.Exclude _ -> map.put("exclude", true);
            case LayerRule.Pin pin -> {
                Map<String, Object> pins = map();
                if (pin.weightsPin() != null) {
                    pins.put("weights", pin.weightsPin().toString());
                }
                if (pin.activationsPin() != null) {
                    pins.put("activations", pin.activationsPin().toString());
                }
                map.put("pin", pins);
            }
        }
        return map;
    }

    private static Map<String, Object> discretisation(DiscretisationSettings settings) {
        return map("method", ConfigReader.lowerCase(settings.method()), "perturbations", settings.perturbations(),
                "steps", settings.steps(), "weight", settings.weight(), //
                "alphas", ConfigReader.lowerCase(settings.alphas()));
    }

    private static List<String> names(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::toString).toList();
    }

    static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
