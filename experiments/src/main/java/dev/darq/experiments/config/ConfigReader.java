package dev.darq.experiments.config;

import dev.darq.experiments.data.DataSource;
import dev.darq.experiments.data.KnownDataSet;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Clip;
import dev.darq.quantizers.Granularity;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.quantizers.Role;
import dev.darq.search.FinetuneSettings;
import dev.darq.search.LayerRules;
import dev.darq.search.MlpSpec;
import dev.darq.search.NetworkSpec;
import dev.darq.search.SearchSpace;
import dev.darq.search.TrainingSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What a configuration may say: every key with its type, its range and its default. */
final class ConfigReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final int MOST_EPOCHS = 10_000;
    static final int LARGEST_LAYER = 65_536;
    static final double LARGEST_RATE = 10;
    static final double LARGEST_MULTIPLIER = 1e6;
    private static final Map<String, Candidate> CANDIDATES = Value.named(Candidate.all(), Candidate::toString);

    private ConfigReader() {}

    static ExperimentConfig read(ConfigSource source) {
        Value root = root(source);
        NetworkSpec network = NetworkReader.network(root.get("network").required());
        QuantizerSettings quantizers = quantizers(root.get("quantizers"));
        SearchSpace space = SpaceReader.space(root.get("space").required());
        LayerRules layers = SpaceReader.layers(root.get("layers"), network.shapes());
        CostReader costs = new CostReader(network.shapes(), layers.spaces(network.shapes(), space), quantizers);
        if (!root.get("pareto").isAbsent()) {
            // For another command, but a mistake there shall not wait until then.
            ParetoReader.settings(root.get("pareto"), costs);
        }
        return new ExperimentConfig(
                name(root), seed(root), threads(root), //
                data(root.get("data").required(), 0.2, v -> v.positive(0.5)), //
                network, quantizers, space, layers, //
                training(root.get("training")), //
                SearchReader.read(root.get("search").required(), costs), //
                SpaceReader.discretisation(root.get("discretisation")), //
                finetune(root.get("finetune").required()),
                root.get("baselines").or(List.of(CANDIDATES.get("uniform8"), CANDIDATES.get("uniform4")),
                        v -> v.distinct(baseline -> candidate(baseline, Role.WEIGHTS, Role.ACTIVATIONS))),
                results(root.get("results")), //
                checkpoints(root.get("checkpoints")), //
                source);
    }

    /** The sections of a search. */
    static Value root(ConfigSource source) {
        return Value.root(source).section("name", "seed", "threads", "data", "network", "quantizers", "space", "layers",
                "training", "search", "discretisation", "finetune", "baselines", "results", "pareto", "checkpoints");
    }

    private static CheckpointSettings checkpoints(Value value) {
        return value.section("every").get("every").or(CheckpointSettings.EVERY_EPOCH,
                every -> every.isText(CheckpointSettings.EPOCH)
                        ? CheckpointSettings.EVERY_EPOCH
                        : new CheckpointSettings(every.whole(1, Integer.MAX_VALUE, "'epoch' or a number of steps")));
    }

    static String name(Value root) {
        return root.get("name").text(NAME, "1 to 100 letters, digits, dots, underscores and hyphens");
    }

    static long seed(Value root) {
        return root.get("seed").or(1L, v -> v.whole(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    static int threads(Value root) {
        return root.get("threads").or(2, v -> v.whole(1, 1024));
    }

    static DataSettings data(Value value, double validation, Function<Value, Double> range) {
        Value data = value.section("name", "path", "validation");
        Value name = data.get("name");
        Value path = data.get("path");
        if (name.isAbsent() == path.isAbsent()) {
            throw data.error("needs either a 'name' (one of " + KnownDataSet.names() + ") or a 'path' to a folder");
        }
        DataSource source = path.isAbsent()
                ? new DataSource.Named(name.oneOf("data set", Value.named(KnownDataSet.all(), KnownDataSet::name)))
                : new DataSource.Folder(path(path));
        return new DataSettings(source, data.get("validation").or(validation, range));
    }

    static QuantizerSettings quantizers(Value value) {
        QuantizerSettings standard = QuantizerSettings.DEFAULT;
        Value settings = value.section("lq-offset", "granularity", "group-size", "clip", "stochastic-sign");
        Value offset = settings.get("lq-offset").section("weights", "activations");
        return new QuantizerSettings(offset.get("weights").or(standard.lqWeightOffset(), Value::flag),
                offset.get("activations").or(standard.lqActivationOffset(), Value::flag),
                settings.get("granularity").or(standard.granularity(),
                        v -> v.oneOf("granularity", Value.named(Granularity.values(), Granularity::label))),
                settings.get("group-size").or(standard.groupSize(), v -> v.whole(1, LARGEST_LAYER)),
                settings.get("clip").or(standard.clip(), v -> v.oneOf("clip", Value.named(Clip.values(), Clip::label))),
                settings.get("stochastic-sign").or(standard.stochasticSign(), Value::flag));
    }

    static Candidate candidate(Value value, Role... roles) {
        Candidate candidate = value.oneOf("candidate", CANDIDATES);
        for (Role role : roles) {
            if (!candidate.scheme().roles().contains(role)) {
                throw value.error("must quantize " + lowerCase(role) + ", which " + candidate + " does not");
            }
        }
        return candidate;
    }

    private static TrainingSettings training(Value value) {
        Value training = value.section("batch-size", "learning-rate", "weight-decay");
        return new TrainingSettings(training.get("batch-size").or(128, v -> v.whole(1, 65_536)),
                training.get("learning-rate").or(0.001, v -> v.positive(LARGEST_RATE)),
                training.get("weight-decay").or(0.0, v -> v.notNegative(1)));
    }

    private static FinetuneSettings finetune(Value value) {
        Value finetune = value.section("epochs", "learning-rate");
        return new FinetuneSettings(finetune.get("epochs").or(4, ConfigReader::epochs),
                finetune.get("learning-rate").or(0.0005, v -> v.positive(LARGEST_RATE)));
    }

    static int epochs(Value value) {
        return value.whole(0, MOST_EPOCHS);
    }

    static ResultsSettings results(Value value) {
        return new ResultsSettings(
                value.section("directory").get("directory").or(Path.of("results", "runs"), ConfigReader::path));
    }

    static Path path(Value value) {
        String text = value.text();
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw value.error("is no path: " + e.getReason());
        }
        throw value.error("must be a path, got nothing");
    }

    static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
