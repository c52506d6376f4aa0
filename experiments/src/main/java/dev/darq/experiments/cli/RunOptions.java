package dev.darq.experiments.cli;

import dev.darq.experiments.config.ConfigSource;
import dev.darq.experiments.data.DataSet;
import java.nio.file.Path;
import dev.darq.search.MlpSpec;
import dev.darq.search.NetworkSpec;
import dev.darq.search.TransformerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command has that runs an experiment from a configuration. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RunOptions {
    @Parameters(paramLabel = "CONFIG", description = "The experiment, a YAML file.")
    private Path config;

    @Option(names = "--set", paramLabel = "path=value", description = "Sets a value of the configuration, such as "
            + "seed=2 or network.layers=[784,256,10]. May be repeated.")
    private final List<String> overrides = new ArrayList<>();

    @Option(names = "--run", paramLabel = "DIR", description = "The run folder, new or empty (default: a new one in the configuration's results.directory).")
    private @Nullable Path run;

    @Option(names = "--seeds", paramLabel = "N", split = ",", description = "Runs once with each of these seeds, in folders "
            + "of their own, and summarises. May be a list: 1,2,3.")
    private List<Long> seeds = new ArrayList<>();

    /** The run folder that the user wants, if any. */
    @Nullable
    Path run() {
        return run;
    }

    /** Sets one more value, after those of the user. */
    void set(String path, String value) {
        overrides.add(path + "='" + value.replace("'", "''") + "'");
    }

    /**
     * The configuration, once for each seed.
     *
     * @param load reads a file with overrides
     */
    <C> List<C> configurations(BiFunction<Path, List<String>, C> load) {
        if (seeds.isEmpty()) {
            return List.of(load.apply(config, overrides));
        }
        if (seeds.stream().distinct().count() < seeds.size()) {
            throw new UsageException("--seeds " + seeds + ": names a seed twice");
        }
        List<C> configs = new ArrayList<>();
        for (Long seed : seeds) {
            List<String> all = new ArrayList<>(overrides);
            all.add("seed=" + seed);
            configs.add(load.apply(config, all));
        }
        return configs;
    }

    /** The network must fit the data. */
    static void checkSizes(ConfigSource source, NetworkSpec network, DataSet data) {
        switch (network) {
            case MlpSpec mlp -> checkSizes(source, mlp.layers(), data);
            case TransformerSpec transformer -> checkSizes(source, transformer, data);
        }
    }

    private static void checkSizes(ConfigSource source, TransformerSpec network, DataSet data) {
        if (network.inputs() != data.width()) {
            throw source.error("network.tokens",
                    "times network.features must be " + data.width() + ", the pixels of an image of " + data.name()
                            + ", got " + network.tokens() + " x " + network.features());
        }
        if (network.classes() != data.classes()) {
            throw source.error("network.classes",
                    "must be " + data.classes() + ", the classes of " + data.name() + ", got " + network.classes());
        }
    }

    private static void checkSizes(ConfigSource source, List<Integer> layers, DataSet data) {
        if (layers.getFirst() != data.width()) {
            throw source.error("network.layers.0",
                    "must be " + data.width() + ", the pixels of an image of " + data.name() + ", got "
                            + layers.getFirst());
        }
        if (layers.getLast() != data.classes()) {
            throw source.error("network.layers." + (layers.size() - 1),
                    "must be " + data.classes() + ", the classes of " + data.name() + ", got " + layers.getLast());
        }
    }

    /** Both parts of the training images must have some. */
    static void checkSplit(ConfigSource source, double fraction, DataSet data) {
        int validation = (int) (data.train().count() * fraction);
        if (validation < 1 || validation >= data.train().count()) {
            throw source.error("data.validation",
                    "leaves " + validation + " of " + data.train().count() + " images, at least 1 is needed");
        }
    }
}
