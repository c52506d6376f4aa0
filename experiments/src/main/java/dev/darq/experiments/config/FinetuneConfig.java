package dev.darq.experiments.config;

import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.MlpSpec;
import dev.darq.search.QuantizedTrainingSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuning experiment, as a YAML file describes it, checked and with all defaults filled in: a float32 network, and
 * variants of it with fixed bits.
 *
 * @param name          names the run folder
 * @param seed          of everything random: the same seed and threads give the same result, byte for byte
 * @param threads       threads of the training, at least 1
 * @param data          what is learned from; the validation fraction may be 0
 * @param network       the network's shape
 * @param from          a float32 model to start from; null to train one
 * @param quantizers    options of the quantizers
 * @param batchSize     samples a step
 * @param floatTraining how the float32 network is trained, unless it is read
 * @param variants      what is made of it, at least one
 * @param results       where run folders go
 * @param source        where each value was written; no part of {@link #equals}
 */
public record FinetuneConfig(String name, long seed, int threads, DataSettings data, MlpSpec network,
        @Nullable Path from, QuantizerSettings quantizers, int batchSize, QuantizedTrainingSettings floatTraining,
        List<Variant> variants, ResultsSettings results, ConfigSource source) {
    /** Copies the list. */
    public FinetuneConfig {
        variants = List.copyOf(variants);
    }

    /**
     * Reads and checks a configuration file.
     *
     * @param file      a YAML file
     * @param overrides {@code path=value} each, applied in this order before anything is checked
     * @throws ConfigException with a message of one line when the file or an override cannot be used
     */
    public static FinetuneConfig load(Path file, List<String> overrides) {
        return parse(file.toString(), ConfigFile.read(file), overrides);
    }

    /** As {@link #load}, of a text; errors begin with the name of the file. */
    public static FinetuneConfig parse(String file, String yaml, List<String> overrides) {
        return FinetuneReader.read(ConfigSource.parse(file, yaml, overrides));
    }

    /** This configuration as YAML, with every value written out; it reads back as an equal configuration. */
    public String toYaml() {
        return FinetuneWriter.toYaml(this);
    }
}
