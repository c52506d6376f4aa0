package dev.darq.experiments.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One {@code --set path=value}: replaces or adds a value before the configuration is checked.
 *
 * @param path  keys and list indices joined by dots, for example {@code search.cost.target} or {@code space.weights.0}
 * @param value a YAML scalar or flow collection
 */
record SetOption(String path, String value) {

    static SetOption parse(String text) {
        int equals = text.indexOf('=');
        String path = equals < 0 ? text : text.substring(0, equals);
        if (equals < 0 || path.isBlank() || List.of(path.split("\\.", -1)).contains("")) {
            throw new ConfigException("--set " + YamlTree.quote(text)
                    + ": expected path=value with a path such as search.epochs or space.weights.0");
        }
        return new SetOption(path, text.substring(equals + 1));
    }

    void apply(ConfigSource source) {
        Node replacement = value.isBlank() ? nothing(source.root()) : YamlTree.parse(toString(), value, true);
        String[] keys = path.split("\\.", -1);
        Node parent = source.root();
        for (int i = 0; i < keys.length - 1; i++) {
            Node child = child(parent, keys[i], keys, i);
            if (child == null) {
                child = new MappingNode(Tag.MAP, true, new ArrayList<>(), parent.getStartMark(), parent.getEndMark(),
                        FlowStyle.BLOCK);
                put(parent, keys[i], child, source);
            }
            parent = child;
        }
        child(parent, keys[keys.length - 1], keys, keys.length - 1);
        put(parent, keys[keys.length - 1], replacement, source);
        source.markOverridden(replacement, this);
    }

    /** The node of this key or index; null when a mapping lacks the key. */
    private @Nullable Node child(Node parent, String key, String[] keys, int depth) {
        String parentPath = String.join(".", List.of(keys).subList(0, depth));
        return switch (parent) {
            case MappingNode mapping -> YamlTree.get(mapping, key);
            case SequenceNode list -> {
                int size = list.getValue().size();
                if (!key.matches("\\d{1,6}") || Integer.parseInt(key) >= size) {
                    throw new ConfigException(this + ": '" + parentPath + "' is a list of " + size + ", '" + key
                            + "' is none of its indices (0 to " + (size - 1) + ")");
                }
                yield list.getValue().get(Integer.parseInt(key));
            }
            default -> throw new ConfigException(
                    this + ": '" + parentPath + "' is neither a section nor a list, it has no '" + key + "'");
        };
    }

    private void put(Node parent, String key, Node child, ConfigSource source) {
        if (parent instanceof SequenceNode list) {
            list.getValue().set(Integer.parseInt(key), child);
        } else if (parent instanceof MappingNode mapping) {
            Node name = new ScalarNode(Tag.STR, key, parent.getStartMark(), parent.getEndMark(), ScalarStyle.PLAIN);
            source.markOverridden(name, this);
            NodeTuple tuple = new NodeTuple(name, child);
            List<NodeTuple> tuples = mapping.getValue();
            int index = YamlTree.indexOf(mapping, key);
            if (index < 0) {
                tuples.add(tuple);
            } else {
                tuples.set(index, tuple);
            }
        }
    }

    private static Node nothing(Node near) {
        return new ScalarNode(Tag.NULL, "", near.getStartMark(), near.getEndMark(), ScalarStyle.PLAIN);
    }

    @Override
    public String toString() {
        return "--set " + YamlTree.quote(path + "=" + value);
    }
}
