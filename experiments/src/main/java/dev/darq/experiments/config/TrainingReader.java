package dev.darq.experiments.config;

import dev.darq.search.Augmentation;
import dev.darq.search.CyclicBits;
import dev.darq.search.DirectPrecision;
import dev.darq.search.DistillationSettings;
import dev.darq.search.FallingBits;
import dev.darq.search.LayerByLayer;
import dev.darq.search.PrecisionSchedule;
import dev.darq.search.QuantizedTrainingSettings;
import dev.darq.search.QuantizedTrainingSettings.Keep;
import dev.darq.search.RateSchedule;
import java.util.List;
import java.util.Map;

/** What the sections {@code float} and {@code finetune} of a fine-tuning may say. */
final class TrainingReader {
    /** The defaults of {@code finetune}. */
    static final QuantizedTrainingSettings FINETUNE = new QuantizedTrainingSettings(10, 0.002, RateSchedule.COSINE, 0,
            new DirectPrecision(), DistillationSettings.NONE, Augmentation.NONE, Keep.LAST);

    private static final Map<String, RateSchedule> RATES = Value.named(RateSchedule.values(), ConfigReader::lowerCase);
    private static final Map<String, Keep> KEEPS = Value.named(Keep.values(), ConfigReader::lowerCase);

    private TrainingReader() {}

    /** Training in float32. */
    static QuantizedTrainingSettings ofFloat(Value value) {
        return training(value.section("epochs", "learning-rate", "rate", "weight-decay", "augmentation"), FINETUNE);
    }

    /** Quantization-aware training; what is not written is as in {@code standard}. */
    static QuantizedTrainingSettings finetune(Value value, QuantizedTrainingSettings standard) {
        return training(value.section("epochs", "learning-rate", "rate", "weight-decay", "schedule", "distillation",
                "augmentation", "keep"), standard);
    }

    private static QuantizedTrainingSettings training(Value value, QuantizedTrainingSettings standard) {
        return new QuantizedTrainingSettings(value.get("epochs").or(standard.epochs(), ConfigReader::epochs),
                value.get("learning-rate").or(standard.learningRate(), v -> v.positive(ConfigReader.LARGEST_RATE)),
                value.get("rate").or(standard.rate(), v -> v.oneOf("rate", RATES)),
                value.get("weight-decay").or(standard.weightDecay(), v -> v.notNegative(1)),
                value.get("schedule").or(standard.schedule(), TrainingReader::schedule),
                distillation(value.get("distillation"), standard.distillation()),
                augmentation(value.get("augmentation"), standard.augmentation()),
                value.get("keep").or(standard.keep(), v -> v.oneOf("epoch to keep", KEEPS)));
    }

    private static DistillationSettings distillation(Value value, DistillationSettings standard) {
        Value distillation = value.section("temperature", "weight");
        return new DistillationSettings(
                distillation.get("temperature").or(standard.temperature(), v -> v.positive(1000)),
                distillation.get("weight").or(standard.weight(), v -> v.notNegative(1)));
    }

    private static Augmentation augmentation(Value value, Augmentation standard) {
        Value augmentation = value.section("shift", "dropout");
        return new Augmentation(augmentation.get("shift").or(standard.shift(), v -> v.whole(0, 100)),
                augmentation.get("dropout").or(standard.dropout(), v -> v.notNegative(0.9)));
    }

    private static PrecisionSchedule schedule(Value value) {
        Value type = value.section("type", "order", "bits", "cycles", "until").get("type");
        return switch (type.oneOf("schedule", Map.of("direct", 0, "layers", 1, "bits", 2, "cyclic", 3))) {
            case 0 -> {
                value.section("type");
                yield new DirectPrecision();
            }
            case 1 -> new LayerByLayer(
                    value.section("type", "order", "until").get("order").or(false,
                            v -> v.oneOf("order", Map.of("first", false, "last", true))),
                    until(value));
            case 2 -> new FallingBits(falling(value.section("type", "bits", "until").get("bits")), until(value));
            default -> new CyclicBits(
                    value.section("type", "bits", "cycles", "until").get("bits").required().whole(1,
                            PrecisionSchedule.MOST_BITS),
                    value.get("cycles").or(4, v -> v.whole(1, 1000)), until(value));
        };
    }

    private static List<Integer> falling(Value value) {
        List<Integer> bits = value.required().list(width -> width.whole(1, PrecisionSchedule.MOST_BITS));
        for (int i = 1; i < bits.size(); i++) {
            if (bits.get(i) >= bits.get(i - 1)) {
                throw value.error("must fall, got " + bits);
            }
        }
        if (bits.isEmpty()) {
            throw value.error("must list at least one width, such as 8");
        }
        return bits;
    }

    private static double until(Value value) {
        return value.get("until").or(0.5, v -> v.positive(1));
    }
}
