package dev.darq.experiments.config;

import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** A YAML document as a tree of nodes with positions. Anchors, aliases and tags are not needed here and refused. */
final class YamlTree {
    private static final int DEEPEST = 16;
    private static final Set<Tag> PLAIN_TAGS = Set.of(Tag.MAP, Tag.SEQ, Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL,
            Tag.TIMESTAMP, Tag.MERGE);

    private YamlTree() {}

    /**
     * Parses one document.
     *
     * @param name     what errors begin with, a file or an option
     * @param inOption whether the text is the value of an option, where a line and a column say nothing
     */
    static Node parse(String name, String text, boolean inOption) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEEPEST);
        Node root;
        try {
            root = new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            throw new ConfigException((inOption ? name : position(name, e.getProblemMark())) + ": not valid YAML: "
                    + oneLine(e.getProblem() + (e.getContext() == null ? "" : " " + e.getContext())), e);
        } catch (ReaderException e) {
            throw new ConfigException("%s: not valid YAML: character U+%04X is not allowed".formatted(
                    inOption ? name : position(name, text, e.getPosition()), e.getCodePoint()), e);
        } catch (YAMLException e) {
            throw new ConfigException(name + ": not usable as a configuration: " + oneLine(e.getMessage()), e);
        }
        if (root == null) {
            throw new ConfigException(name + ": is empty, expected a configuration in YAML");
        }
        check(inOption ? null : name, name, root);
        return root;
    }

    /** Refuses what a configuration has no use for. Anchored nodes come before their aliases, so no bomb is walked. */
    private static void check(@Nullable String file, String name, Node node) {
        String where = file == null ? name : position(file, node.getStartMark());
        if (node.getAnchor() != null) {
            throw new ConfigException(where + ": anchors and aliases (&" + node.getAnchor() + ") are not supported");
        }
        if (!PLAIN_TAGS.contains(node.getTag())) {
            throw new ConfigException(where + ": the tag " + node.getTag() + " is not supported");
        }
        if (node instanceof MappingNode mapping) {
            Map<String, Integer> lines = new HashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                Node key = tuple.getKeyNode();
                String at = file == null ? name : position(file, key.getStartMark());
                if (!(key instanceof ScalarNode scalar)) {
                    throw new ConfigException(at + ": a key must be a plain word");
                }
                Integer first = lines.putIfAbsent(scalar.getValue(), key.getStartMark().getLine() + 1);
                if (first != null) {
                    throw new ConfigException(
                            at + ": " + quote(scalar.getValue()) + " is given twice, first in line " + first);
                }
                check(file, name, key);
            }
        }
        children(node).forEach(child -> check(file, name, child));
    }

    static Stream<Node> children(Node node) {
        return switch (node) {
            case MappingNode mapping -> mapping.getValue().stream().map(NodeTuple::getValueNode);
            case SequenceNode list -> list.getValue().stream();
            default -> Stream.empty();
        };
    }

    static int indexOf(MappingNode mapping, String key) {
        List<NodeTuple> tuples = mapping.getValue();
        for (int i = 0; i < tuples.size(); i++) {
            if (tuples.get(i).getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
                return i;
            }
        }
        return -1;
    }

    static @Nullable Node get(MappingNode mapping, String key) {
        int index = indexOf(mapping, key);
        return index < 0 ? null : mapping.getValue().get(index).getValueNode();
    }

    /** The node at this path, or the innermost one around it that exists. */
    static Node nearest(Node root, String path) {
        Node node = root;
        for (String key : path.split("\\.", -1)) {
            Node child = switch (node) {
                case MappingNode mapping -> get(mapping, key);
                case SequenceNode list when key.matches("\\d{1,6}") && Integer.parseInt(key) < list.getValue().size() ->
                    list.getValue().get(Integer.parseInt(key));
                default -> null;
            };
            if (child == null) {
                return node;
            }
            node = child;
        }
        return node;
    }

    static String position(String file, @Nullable Mark mark) {
        return mark == null ? file : file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    /** The position of a character, for errors that come before there are marks. */
    static String position(String file, String text, int index) {
        String before = text.substring(0, Math.min(index, text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return file + ":" + line + ":" + (before.length() - before.lastIndexOf('\n'));
    }

    /** Text from a user in quotes, short and on one line. */
    static String quote(String text) {
        String line = oneLine(text);
        return "'" + (line.length() > 80 ? line.substring(0, 77) + "..." : line) + "'";
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "" : text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?").strip();
    }
}
