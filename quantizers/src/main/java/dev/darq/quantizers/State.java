package dev.darq.quantizers;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What something that is trained needs in order to go on where it stood: arrays and texts by name. Whatever is put or
 * taken is copied, so that training may go on.
 */
public final class State {
    private final Map<String, Object> arrays;
    private final Map<String, String> texts;
    private final String prefix;

    /** Something whose state can be saved and taken up again by an equal one, to the bit. */
    public interface Holder {
        /** Puts the whole state. */
        void save(State state);

        /**
         * Takes what {@link #save} put.
         *
         * @throws IllegalArgumentException when it is the state of something else; the message names the difference
         */
        void restore(State state);
    }

    /** An empty state. */
    public State() {
        this(new LinkedHashMap<>(), new LinkedHashMap<>(), "");
    }

    /** The state with what {@link #arrays} and {@link #texts} gave. */
    public State(Map<String, Object> arrays, Map<String, String> texts) {
        this(arrays, texts, "");
    }

    private State(Map<String, Object> arrays, Map<String, String> texts, String prefix) {
        this.arrays = arrays;
        this.texts = texts;
        this.prefix = prefix;
    }

    /** The part of this state that belongs to a name; parts may have parts. */
    public State under(String name) {
        return new State(arrays, texts, prefix + name + "/");
    }

    /** Whether anything belongs to the name of a part. */
    public boolean has(String name) {
        String within = prefix + name + "/";
        return arrays.keySet().stream().anyMatch(key -> key.startsWith(within))
                || texts.keySet().stream().anyMatch(key -> key.startsWith(within));
    }

    /** All arrays of the whole state, float[], double[] and long[], by full name; empty ones are left out. */
    public Map<String, Object> arrays() {
        return arrays;
    }

    /** All texts of the whole state by full name. */
    public Map<String, String> texts() {
        return texts;
    }

    /** Puts floats. */
    public void put(String name, float[] values) {
        put(name, values.length, values.clone());
    }

    /** Puts doubles. */
    public void put(String name, double... values) {
        put(name, values.length, values.clone());
    }

    /** Puts integers. */
    public void put(String name, long... values) {
        put(name, values.length, values.clone());
    }

    /** Puts a truth value. */
    public void put(String name, boolean value) {
        put(name, value ? 1L : 0L);
    }

    /** Puts a text. */
    public void put(String name, String text) {
        claim(name);
        texts.put(prefix + name, text);
    }

    /** Puts all of another state; arrays are shared. */
    public void putAll(State other) {
        other.arrays.forEach((name, array) -> {
            claim(name);
            arrays.put(prefix + name, array);
        });
        other.texts.forEach(this::put);
    }

    private void put(String name, int length, Object copy) {
        claim(name);
        if (length > 0) {
            arrays.put(prefix + name, copy);
        }
    }

    private void claim(String name) {
        if (arrays.containsKey(prefix + name) || texts.containsKey(prefix + name)) {
            throw new IllegalStateException("two values for " + prefix + name);
        }
    }

    /** Takes floats into an array of the same length. */
    public void take(String name, float[] target) {
        float[] values = target.length == 0 ? target : get(name, float[].class);
        check(name, values.length, target.length);
        System.arraycopy(values, 0, target, 0, target.length);
    }

    /** Takes floats, as many as there are. */
    public float[] floats(String name) {
        return arrays.containsKey(prefix + name) ? get(name, float[].class).clone() : new float[0];
    }

    /** Takes this many doubles. */
    public double[] doubles(String name, int length) {
        double[] values = length == 0 ? new double[0] : get(name, double[].class);
        check(name, values.length, length);
        return values.clone();
    }

    /** Takes this many integers. */
    public long[] integers(String name, int length) {
        long[] values = length == 0 ? new long[0] : get(name, long[].class);
        check(name, values.length, length);
        return values.clone();
    }

    /** Takes one double. */
    public double real(String name) {
        return doubles(name, 1)[0];
    }

    /** Takes one integer. */
    public long integer(String name) {
        return integers(name, 1)[0];
    }

    /** Takes a truth value. */
    public boolean flag(String name) {
        return integer(name) != 0;
    }

    /** Takes a text. */
    public String text(String name) {
        String text = texts.get(prefix + name);
        if (text == null) {
            throw new IllegalArgumentException("the state lacks " + prefix + name);
        }
        return text;
    }

    private <T> T get(String name, Class<T> type) {
        Object values = arrays.get(prefix + name);
        if (values == null) {
            throw new IllegalArgumentException("the state lacks " + prefix + name);
        }
        if (!type.isInstance(values)) {
            throw new IllegalArgumentException(prefix + name + " holds " + values.getClass().getSimpleName()
                    + ", expected " + type.getSimpleName());
        }
        return type.cast(values);
    }

    private void check(String name, int actual, int expected) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    prefix + name + " has " + actual + " values, expected " + expected);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof State state && prefix.equals(state.prefix) && texts.equals(state.texts)
                && Arrays.deepEquals(sorted(), state.sorted());
    }

    @Override
    public int hashCode() {
        return 31 * texts.hashCode() + Arrays.deepHashCode(sorted());
    }

    /** Names and arrays in turn: arrays compare by their content only so. */
    private Object[] sorted() {
        return arrays.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> java.util.stream.Stream.of(entry.getKey(), entry.getValue())).toArray();
    }
}
