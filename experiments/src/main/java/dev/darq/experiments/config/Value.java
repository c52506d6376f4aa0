package dev.darq.experiments.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One place of a configuration, which may hold nothing. Each method reads it as one type and checks it; whatever is
 * wrong is thrown as a {@link ConfigException} with the position.
 */
final class Value {
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private final ConfigSource source;
    private final String path;
    private final @Nullable Node node;
    /** Where an error points when there is no node. */
    private final Node around;

    private Value(ConfigSource source, String path, @Nullable Node node, Node around) {
        this.source = source;
        this.path = path;
        this.node = node;
        this.around = around;
    }

    static Value root(ConfigSource source) {
        return new Value(source, "", source.root(), source.root());
    }

    /** The value under a key of this section; of an absent section every value is absent. */
    Value get(String key) {
        Node child = node instanceof MappingNode mapping ? YamlTree.get(mapping, key) : null;
        return new Value(source, path.isEmpty() ? key : path + "." + key, child, node == null ? around : node);
    }

    boolean isAbsent() {
        return node == null;
    }

    /** This value, refused when it is absent. */
    Value required() {
        node();
        return this;
    }

    /** This value as {@code read} reads it, or the default when it is absent. */
    <T> T or(T absent, Function<Value, T> read) {
        return node == null ? absent : read.apply(this);
    }

    /** This value as {@code read} reads it, or {@code null} when it is absent. */
    <T> @Nullable T orNull(Function<Value, T> read) {
        return node == null ? null : read.apply(this);
    }

    ConfigException error(String message) {
        return source.error(node == null ? around : node, path, message);
    }

    /** This value as a section that has no keys but these; an absent one counts as empty. */
    Value section(String... keys) {
        if (node == null) {
            return this;
        }
        if (!(node instanceof MappingNode mapping)) {
            throw expected("a section with keys of " + List.of(keys));
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = ((ScalarNode) tuple.getKeyNode()).getValue();
            if (!List.of(keys).contains(key)) {
                throw source.error(tuple.getKeyNode(), get(key).path,
                        "unknown key " + YamlTree.quote(key) + Suggestion.among(key, List.of(keys)));
            }
        }
        return this;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** This value as a list. */
    <T> List<T> list(Function<Value, T> read) {
        if (!(node() instanceof SequenceNode list)) {
            throw expected("a list");
        }
        List<T> values = new ArrayList<>();
        for (Node item : list.getValue()) {
            values.add(read.apply(new Value(source, path + "." + values.size(), item, item)));
        }
        return values;
    }

    /** This value as a list without duplicates. */
    <T> List<T> distinct(Function<Value, T> read) {
        List<T> seen = new ArrayList<>();
        list(item -> {
            T value = read.apply(item);
            if (seen.contains(value)) {
                throw item.error(value + " is listed twice");
            }
            return seen.add(value);
        });
        return seen;
    }

    /** This value as text. */
    String text() {
        if (!(node() instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            throw expected("text");
        }
        return scalar.getValue();
    }

    /** This value as text of a certain form. */
    String text(Pattern form, String description) {
        String text = text();
        if (!form.matcher(text).matches()) {
            throw expected(description);
        }
        return text;
    }

    /** This value as one of these names. */
    <T> T oneOf(String what, Map<String, T> names) {
        String name = text();
        T value = names.get(name);
        if (value == null) {
            throw error(
                    "unknown " + what + " " + YamlTree.quote(name)
                            + Suggestion.among(name, List.copyOf(names.keySet())));
        }
        return value;
    }

    /** This value as true or false. */
    boolean flag() {
        if (!(node() instanceof ScalarNode scalar) || !List.of("true", "false").contains(scalar.getValue())) {
            throw expected("true or false");
        }
        return scalar.getValue().equals("true");
    }

    /** This value as a whole number of at least {@code least} and at most {@code most}. */
    int whole(int least, int most) {
        return (int) whole((long) least, (long) most);
    }

    /** As above, where something else than a number would do as well. */
    int whole(int least, int most, String description) {
        plain(WHOLE, description);
        return whole(least, most);
    }

    /** Whether this value is this text. */
    boolean isText(String text) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(text);
    }

    /** This value as a whole number of at least {@code least} and at most {@code most}. */
    long whole(long least, long most) {
        String digits = plain(WHOLE, "a whole number");
        long number;
        try {
            number = Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw expected("a whole number of at most 64 bits");
        }
        if (number < least) {
            throw error("must be at least " + least + ", got " + number);
        }
        if (number > most) {
            throw error("must be at most " + most + ", got " + number);
        }
        return number;
    }

    /** This value as a finite number above zero. */
    double positive(double most) {
        double number = number();
        if (number <= 0) {
            throw error("must be > 0, got " + text());
        }
        return atMost(most, number);
    }

    /** This value as a finite number of at least zero. */
    double notNegative(double most) {
        double number = number();
        if (number < 0) {
            throw error("must be at least 0, got " + text());
        }
        return atMost(most, number);
    }

    private double atMost(double most, double number) {
        if (number > most) {
            throw error("must be at most " + (most == Math.rint(most) ? Long.toString((long) most) : most) + ", got "
                    + text());
        }
        return number;
    }

    private double number() {
        double number = Double.parseDouble(plain(DECIMAL, "a finite number"));
        if (Double.isInfinite(number)) {
            throw expected("a finite number");
        }
        return number;
    }

    private String plain(Pattern form, String description) {
        if (!(node() instanceof ScalarNode scalar) || scalar.getScalarStyle() != ScalarStyle.PLAIN
                || !form.matcher(scalar.getValue()).matches()) {
            throw expected(description);
        }
        return scalar.getValue();
    }

    private Node node() {
        if (node == null) {
            throw error("is required");
        }
        return node;
    }

    private ConfigException expected(String description) {
        return error("must be " + description + ", got " + switch (node) {
            case null -> "nothing";
            case MappingNode mapping -> "a section";
            case SequenceNode list -> "a list";
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
            case ScalarNode scalar -> YamlTree.quote(scalar.getValue());
            default -> "something else";
        });
    }

    /** Names in the order given, for {@link #oneOf}. */
    static <T> Map<String, T> named(Collection<T> values, Function<T, String> name) {
        Map<String, T> names = new LinkedHashMap<>();
        values.forEach(value -> names.put(name.apply(value), value));
        return names;
    }

    /** Names in the order given, for {@link #oneOf}. */
    static <T> Map<String, T> named(T[] values, Function<T, String> name) {
        return named(Arrays.asList(values), name);
    }
}
