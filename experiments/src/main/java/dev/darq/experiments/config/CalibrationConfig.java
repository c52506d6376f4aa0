package dev.darq.experiments.config;

import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.LayerRules;
import dev.darq.search.LayerSpace;
import dev.darq.search.MlpSpec;
import dev.darq.search.SearchSpace;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a search's configuration decides which latencies it needs. The table that the search will read need not be there
 * yet.
 *
 * @param network    the network
 * @param quantizers options of the quantizers
 * @param spaces     what each layer may choose from
 * @param table      where the search will look for the table; null where it has no latency among its costs
 */
public record CalibrationConfig(MlpSpec network, QuantizerSettings quantizers, List<LayerSpace> spaces,
        @Nullable Path table) {
    /** Copies the list. */
    public CalibrationConfig {
        spaces = List.copyOf(spaces);
    }

    /**
     * Reads these parts of a configuration file.
     *
     * @param file      a YAML file
     * @param overrides {@code path=value} each, applied in this order before anything is checked
     * @throws ConfigException with a message of one line when the file or an override cannot be used
     */
    public static CalibrationConfig load(Path file, List<String> overrides) {
        return parse(file.toString(), ConfigFile.read(file), overrides);
    }

    /** As {@link #load}, of a text; errors begin with the name of the file. */
    public static CalibrationConfig parse(String file, String yaml, List<String> overrides) {
        Value root = ConfigReader.root(ConfigSource.parse(file, yaml, overrides));
        MlpSpec network = NetworkReader.mlp(
                NetworkReader.mlpSection(root.get("network").required(), "type", "layers", "activation"));
        SearchSpace space = SpaceReader.space(root.get("space").required());
        LayerRules rules = SpaceReader.layers(root.get("layers"), network.shapes());
        return new CalibrationConfig(network, ConfigReader.quantizers(root.get("quantizers")),
                rules.spaces(network.shapes(), space), table(root.get("search").get("cost")));
    }

    private static @Nullable Path table(Value cost) {
        if (cost.isAbsent()) {
            return null;
        }
        for (Value item : CostReader.items(cost)) {
            if (CostReader.label(item).equals(CostReader.LATENCY) && !item.get("table").isAbsent()) {
                return ConfigReader.path(item.get("table"));
            }
        }
        return null;
    }
}
