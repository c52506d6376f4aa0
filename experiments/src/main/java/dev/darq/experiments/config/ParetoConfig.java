package dev.darq.experiments.config;

import dev.darq.quantizers.Candidate;
import dev.darq.search.Latency;
import dev.darq.search.SearchSpace;
import java.nio.file.Path;
import java.util.List;

/**
 * An experiment with what its searches are compared with.
 *
 * @param experiment the experiment; its search's own costs are replaced by one budget at a time
 * @param pareto     the comparison
 */
public record ParetoConfig(ExperimentConfig experiment, ParetoSettings pareto) {
    /**
     * Reads and checks a configuration file.
     *
     * @param file      a YAML file
     * @param overrides {@code path=value} each, applied in this order before anything is checked
     * @throws ConfigException with a message of one line when the file or an override cannot be used
     */
    public static ParetoConfig load(Path file, List<String> overrides) {
        return parse(file.toString(), ConfigFile.read(file), overrides);
    }

    /** As {@link #load}, of a text; errors begin with the name of the file. */
    public static ParetoConfig parse(String file, String yaml, List<String> overrides) {
        return ParetoReader.read(ConfigSource.parse(file, yaml, overrides));
    }

    /** This configuration as YAML, with every value written out; it reads back as an equal configuration. */
    public String toYaml() {
        return ConfigWriter.toYaml(this);
    }

    /** The same with another seed. */
    public ParetoConfig withSeed(long seed) {
        return parse(experiment.source().toString(), toYaml(), List.of("seed=" + seed));
    }

    /** The experiment whose search has one budget, and candidates from this space. */
    public ExperimentConfig at(double budget, SearchSpace space) {
        return ExperimentConfig.parse(experiment.source().toString(), experiment.toYaml(),
                List.of("search.cost={ " + model() + ", target: " + budget + " }",
                        "space.weights=" + names(space.weights()),
                        "space.activations=" + names(space.activations())));
    }

    private String model() {
        String model = "model: " + pareto.model().label();
        return pareto.model() instanceof Latency latency
                ? model + ", table: '" + latency.file().replace("'", "''") + "'"
                : model;
    }

    private static List<String> names(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::toString).toList();
    }
}
