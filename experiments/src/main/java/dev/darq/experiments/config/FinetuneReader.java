package dev.darq.experiments.config;

import dev.darq.kernels.PackedFormatException;
import dev.darq.kernels.PackedModel;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Role;
import dev.darq.search.FloatNetwork;
import dev.darq.search.LayerCandidates;
import dev.darq.search.MlpSpec;
import dev.darq.search.QuantizedTrainingSettings;
import dev.darq.search.QuantizedTrainingSettings.Keep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the configuration of a fine-tuning may say. */
final class FinetuneReader {
    /** Names a folder beside the run's files, whose names have dots. */
    private static final Pattern VARIANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_+-]{0,99}");

    private FinetuneReader() {}

    static FinetuneConfig read(ConfigSource source) {
        Value root = Value.root(source).section("name", "seed", "threads", "data", "network", "quantizers",
                "batch-size", "float", "finetune", "variants", "results");
        Value section = NetworkReader.mlpSection(root.get("network").required(), "type", "layers", "activation",
                "from");
        Path from = section.get("from").isAbsent() ? null : ConfigReader.path(section.get("from"));
        MlpSpec network = from == null ? NetworkReader.mlp(section) : network(section, from);
        DataSettings data = ConfigReader.data(root.get("data").required(), 0, v -> v.notNegative(0.5));
        QuantizedTrainingSettings finetune = TrainingReader.finetune(root.get("finetune"), TrainingReader.FINETUNE);
        return new FinetuneConfig(ConfigReader.name(root), ConfigReader.seed(root), ConfigReader.threads(root), data,
                network, from, //
                ConfigReader.quantizers(root.get("quantizers")), //
                root.get("batch-size").or(128, v -> v.whole(1, 65_536)), //
                TrainingReader.ofFloat(root.get("float")), //
                variants(root.get("variants"), network, data, finetune), //
                ConfigReader.results(root.get("results")), //
                source);
    }

    /** The shape of the network in a file, which what is written beside must agree with. */
    private static MlpSpec network(Value section, Path from) {
        Value file = section.get("from");
        MlpSpec spec;
        try {
            spec = FloatNetwork.spec(PackedModel.load(from));
        } catch (PackedFormatException | IllegalArgumentException e) {
            throw file.error(from + ": " + e.getMessage());
        } catch (IOException e) {
            throw file.error(from + ": cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        if (!section.get("layers").isAbsent() && !NetworkReader.mlp(section).equals(spec)) {
            throw section.get("layers").error("do not agree with " + from + ", which has " + spec.layers() + " with "
                    + ConfigReader.lowerCase(spec.activation()) + "; leave layers and activation out");
        }
        return spec;
    }

    private static List<Variant> variants(Value value, MlpSpec network, DataSettings data,
            QuantizedTrainingSettings finetune) {
        Set<String> names = new HashSet<>(Set.of("float32"));
        List<Variant> variants = value.required().list(item -> {
            Variant variant = variant(item, network, finetune);
            if (!names.add(variant.name())) {
                throw item.get("name").error("must not be used twice, " + variant.name() + " is taken");
            }
            if (variant.finetune().keep() == Keep.BEST && data.validation() == 0) {
                throw item.error("keeps the best epoch, which needs data.validation above 0");
            }
            return variant;
        });
        if (variants.isEmpty()) {
            throw value.error("must have at least one variant");
        }
        return variants;
    }

    private static Variant variant(Value value, MlpSpec network, QuantizedTrainingSettings finetune) {
        Value variant = value.section("name", "weights", "activations", "layers", "finetune");
        List<String> names = IntStream.range(1, network.layers().size()).mapToObj(i -> "linear" + i).toList();
        Value layers = variant.get("layers").section(names.toArray(String[]::new));
        List<LayerCandidates> candidates = new ArrayList<>();
        for (String name : names) {
            Value layer = layers.get(name).section("weights", "activations");
            candidates.add(new LayerCandidates(candidate(layer, variant, "weights", Role.WEIGHTS),
                    candidate(layer, variant, "activations", Role.ACTIVATIONS)));
        }
        return new Variant(
                variant.get("name").text(VARIANT,
                        "1 to 100 letters, digits, underscores, hyphens and plus signs"),
                candidates, TrainingReader.finetune(variant.get("finetune"), finetune));
    }

    /** What a layer says itself, or else what the variant says for all. */
    private static Candidate candidate(Value layer, Value variant, String key, Role role) {
        Value own = layer.get(key);
        return ConfigReader.candidate(own.isAbsent() ? variant.get(key) : own, role);
    }
}
