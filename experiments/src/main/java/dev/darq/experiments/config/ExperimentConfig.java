package dev.darq.experiments.config;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.DiscretisationSettings;
import dev.darq.search.FinetuneSettings;
import dev.darq.search.LayerRules;
import dev.darq.search.LayerSpace;
import dev.darq.search.NetworkSpec;
import dev.darq.search.SearchSettings;
import dev.darq.search.SearchSpace;
import dev.darq.search.TrainingSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * One experiment, as a YAML file describes it, checked and with all defaults filled in.
 *
 * @param name       names the run folder
 * @param seed       of everything random: the same seed and threads give the same result, byte for byte
 * @param threads    threads of the training, at least 1
 * @param data       what is learned from
 * @param network    what is trained
 * @param quantizers options of the quantizers
 * @param space      what each layer may choose from
 * @param layers     ties, pins and exclusions of layers
 * @param training   how weights are trained
 * @param search     the bilevel search
 * @param discretisation how its probabilities become a scheme
 * @param finetune   training of the discrete network after the search
 * @param baselines  networks to compare with, each with one candidate for all weights and activations
 * @param results    where run folders go
 * @param checkpoints when a run saves itself
 * @param source     where each value was written; no part of {@link #equals}
 */
public record ExperimentConfig(String name, long seed, int threads, DataSettings data, NetworkSpec network,
        QuantizerSettings quantizers, SearchSpace space, LayerRules layers, TrainingSettings training,
        SearchSettings search, DiscretisationSettings discretisation, FinetuneSettings finetune,
        List<Candidate> baselines, ResultsSettings results, CheckpointSettings checkpoints, ConfigSource source) {
    /** Copies the list. */
    public ExperimentConfig {
        baselines = List.copyOf(baselines);
    }

    /**
     * Reads and checks a configuration file.
     *
     * @param file      a YAML file
     * @param overrides {@code path=value} each, applied in this order before anything is checked
     * @throws ConfigException with a message of one line when the file or an override cannot be used
     */
    public static ExperimentConfig load(Path file, List<String> overrides) {
        return parse(file.toString(), ConfigFile.read(file), overrides);
    }

    /**
     * Reads and checks a configuration.
     *
     * @param file      the name that errors begin with
     * @param yaml      the text
     * @param overrides {@code path=value} each, applied in this order before anything is checked
     * @throws ConfigException with a message of one line when the text or an override cannot be used
     */
    public static ExperimentConfig parse(String file, String yaml, List<String> overrides) {
        return ConfigReader.read(ConfigSource.parse(file, yaml, overrides));
    }

    /** What each layer may choose from, with all that is said about single layers. */
    public List<LayerSpace> layerSpaces() {
        return layers.spaces(network.shapes(), space);
    }

    /** What the results of this configuration depend on, as YAML: two that agree in it may continue each other's runs. */
    public String identity() {
        return ConfigWriter.identity(this);
    }

    /** This configuration as YAML, with every value written out; it reads back as an equal configuration. */
    public String toYaml() {
        return ConfigWriter.toYaml(this);
    }
}
