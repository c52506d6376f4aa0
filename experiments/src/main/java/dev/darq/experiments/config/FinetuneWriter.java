package dev.darq.experiments.config;

import static dev.darq.experiments.config.ConfigWriter.map;

import dev.darq.search.Augmentation;
import dev.darq.search.CyclicBits;
import dev.darq.search.DirectPrecision;
import dev.darq.search.FallingBits;
import dev.darq.search.LayerByLayer;
import dev.darq.search.PrecisionSchedule;
import dev.darq.search.QuantizedTrainingSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a configuration with every value, under the names that {@link FinetuneReader} reads. */
final class FinetuneWriter {
    private FinetuneWriter() {}

    static String toYaml(FinetuneConfig config) {
        Map<String, Object> network = ConfigWriter.network(config.network());
        if (config.from() != null) {
            network.put("from", config.from().toString());
        }
        return ConfigWriter.toYaml(map("name", config.name(), //
                "seed", config.seed(), //
                "threads", config.threads(), //
                "data", ConfigWriter.data(config.data()), //
                "network", network, //
                "quantizers", ConfigWriter.quantizers(config.quantizers()), //
                "batch-size", config.batchSize(), //
                "float", training(config.floatTraining()), //
                "variants", config.variants().stream().map(FinetuneWriter::variant).toList(), //
                "results", map("directory", config.results().directory().toString())));
    }

    private static Map<String, Object> variant(Variant variant) {
        Map<String, Object> layers = new LinkedHashMap<>();
        for (int i = 0; i < variant.layers().size(); i++) {
            layers.put("linear" + (i + 1), map("weights", variant.layers().get(i).weights().toString(), "activations",
                    variant.layers().get(i).activations().toString()));
        }
        Map<String, Object> finetune = training(variant.finetune());
        finetune.put("schedule", schedule(variant.finetune().schedule()));
        finetune.put("distillation", map("temperature", variant.finetune().distillation().temperature(), "weight",
                variant.finetune().distillation().weight()));
        finetune.put("keep", ConfigReader.lowerCase(variant.finetune().keep()));
        return map("name", variant.name(), "layers", layers, "finetune", finetune);
    }

    private static Map<String, Object> training(QuantizedTrainingSettings settings) {
        Augmentation augmentation = settings.augmentation();
        return map("epochs", settings.epochs(), "learning-rate", settings.learningRate(), //
                "rate", ConfigReader.lowerCase(settings.rate()), "weight-decay", settings.weightDecay(), //
                "augmentation", map("shift", augmentation.shift(), "dropout", augmentation.dropout()));
    }

    private static Map<String, Object> schedule(PrecisionSchedule schedule) {
        return switch (schedule) {
            case DirectPrecision() -> map("type", "direct");
            case LayerByLayer(boolean lastFirst, double until) ->
                map("type", "layers", "order", lastFirst ? "last" : "first", "until", until);
            case FallingBits(var bits, double until) -> map("type", "bits", "bits", bits, "until", until);
            case CyclicBits(int bits, int cycles, double until) ->
                map("type", "cyclic", "bits", bits, "cycles", cycles, "until", until);
        };
    }
}
