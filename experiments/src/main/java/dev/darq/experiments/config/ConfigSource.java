package dev.darq.experiments.config;

import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Where the values of a configuration were written: a YAML tree with a position for each node, and the {@code --set}
 * options that replaced some of them.
 *
 * <p>
 * Where a value was written is no part of the value: all sources are equal, so that configurations compare by what they
 * say.
 */
public final class ConfigSource {
    private final String file;
    private final Node root;
    private final IdentityHashMap<Node, SetOption> overridden = new IdentityHashMap<>();

    ConfigSource(String file, Node root) {
        this.file = file;
        this.root = root;
    }

    /** The source of a configuration with these overrides applied. */
    static ConfigSource parse(String file, String yaml, List<String> overrides) {
        Node root = YamlTree.parse(file, yaml, false);
        ConfigSource source = new ConfigSource(file, root);
        if (!(root instanceof MappingNode)) {
            throw source.error("", "must be a section with keys such as 'name' and 'data'");
        }
        overrides.stream().map(SetOption::parse).forEach(option -> option.apply(source));
        return source;
    }

    /**
     * An error about one value.
     *
     * @param path    the value's path, for example {@code network.layers} or {@code space.weights.0}; of a value that
     *                    was not written, the error points at the nearest part around it that was
     * @param message what was expected and what was found, in one line
     */
    public ConfigException error(String path, String message) {
        return error(YamlTree.nearest(root, path), path, message);
    }

    ConfigException error(Node node, String path, String message) {
        SetOption option = overridden.get(node);
        String where = option == null ? YamlTree.position(file, node.getStartMark()) : option.toString();
        boolean named = option != null && option.path().equals(path);
        return new ConfigException(where + ": " + (path.isEmpty() || named ? "" : path + ": ") + message);
    }

    Node root() {
        return root;
    }

    /** Notes that this node, with all below it, came from an override. */
    void markOverridden(Node node, SetOption option) {
        overridden.put(node, option);
        YamlTree.children(node).forEach(child -> markOverridden(child, option));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfigSource;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return file;
    }
}
