package dev.darq.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A trained network as packed operations, one feeding the next, and free metadata about it. Immutable and thread-safe;
 * {@link Session} runs it. The file format is described in kernels/FORMAT.md.
 */
public final class PackedModel {
    /** Larger batches are run in blocks of this many samples. */
    static final int LARGEST_BLOCK = 64;

    private final List<Operation> operations;
    private final Map<String, String> metadata;
    private final int inputs;
    private final int outputs;
    /** By the samples of a call. */
    private final Map<Integer, Preparation> prepared = new ConcurrentHashMap<>();
    private final Map<PreparedModel.LaidOut, RowProduct> laidOut = new ConcurrentHashMap<>();
    private final SessionPool sessions = new SessionPool(this);

    /**
     * Puts operations together.
     *
     * @param operations at least one linear layer; each takes as many numbers as the one before gives; names unique
     * @param metadata what the user wants kept with the model (name, provenance), in Unicode; sorted by key; keys of at
     *            most 200 characters
     * @throws IllegalArgumentException if a name is empty, longer than 200 characters or used twice, if a metadata key is
     *             longer than that, if widths do not match, or if a text is not Unicode
     */
    public PackedModel(List<Operation> operations, Map<String, String> metadata) {
        this.operations = List.copyOf(operations);
        this.metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        metadata.forEach((key, value) -> {
            if (key.length() > Operation.LONGEST_NAME) {
                throw new IllegalArgumentException("expected metadata keys of at most " + Operation.LONGEST_NAME
                        + " characters, got " + key.length());
            }
            requireUnicode("metadata key", key);
            requireUnicode("metadata " + key, value);
        });
        Set<String> names = new HashSet<>();
        int first = 0;
        int width = 0;
        for (Operation operation : this.operations) {
            requireName(operation.name(), names);
            if (operation instanceof Linear linear) {
                int columns = linear.weights().columns();
                if (first == 0) {
                    first = columns;
                } else if (width != columns) {
                    throw new IllegalArgumentException(
                            linear.name() + ": expected " + width
                                    + " columns, as many as the layer before has rows, got "
                                    + columns);
                }
                width = linear.weights().rows();
            }
        }
        if (first == 0) {
            throw new IllegalArgumentException("expected at least one linear operation, got none");
        }
        inputs = first;
        outputs = width;
    }

    private static void requireName(String name, Set<String> names) {
        if (name.isEmpty() || name.length() > Operation.LONGEST_NAME) {
            throw new IllegalArgumentException("expected an operation name of 1.." + Operation.LONGEST_NAME
                    + " characters, got " + name.length());
        }
        requireUnicode("operation name", name);
        if (!names.add(name)) {
            throw new IllegalArgumentException("expected unique operation names, got " + name + " twice");
        }
    }

    private static void requireUnicode(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(what + ": expected Unicode, got half a surrogate pair");
        }
    }

    /** The operations in order. */
    public List<Operation> operations() {
        return operations;
    }

    /** The user's metadata, sorted by key. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The length of the input vector. */
    public int inputs() {
        return inputs;
    }

    /** The length of the output vector. */
    public int outputs() {
        return outputs;
    }

    /** A new session whose kernels are chosen for one sample a call. */
    public Session session() {
        return session(1);
    }

    /**
     * A new session on the kernels of this machine; the weights are laid out for them once and shared.
     *
     * @param batch the samples of a typical call: the kernels are chosen for it. Memory for the vectors between operations
     *            grows with it, up to {@link #LARGEST_BLOCK} samples
     * @throws IllegalArgumentException if batch is less than 1
     */
    public Session session(int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("batch: expected at least 1, got " + batch);
        }
        return new Session(this, prepared(Math.min(batch, LARGEST_BLOCK)));
    }

    private Preparation prepared(int batch) {
        return prepared.computeIfAbsent(batch, size -> Preparation.of(this, size, laidOut));
    }

    /**
     * Runs one sample. May be called from any number of threads at once; each call has a session of its own, kept for later
     * calls.
     *
     * @param input {@code [inputs]}
     * @param output takes {@code [outputs]}
     * @throws IllegalArgumentException if a length is wrong
     */
    public void run(float[] input, float[] output) {
        Session session = sessions.take();
        session.run(input, output);
        sessions.giveBack(session);
    }

    /**
     * Runs one sample and takes the index of the largest output, the lowest index among equals. May be called from any number
     * of threads at once.
     *
     * @param input {@code [inputs]}
     * @throws IllegalArgumentException if its length is wrong
     */
    public int predict(float[] input) {
        Session session = sessions.take();
        int best = session.predict(input);
        sessions.giveBack(session);
        return best;
    }

    /**
     * Writes the model so that the path holds either what it held before or the whole model, whatever happens meanwhile.
     *
     * @param path the file, replaced if it exists
     * @throws IOException if the disk refuses; the file is then as it was
     */
    public void save(Path path) throws IOException {
        ModelWriter.save(this, path);
    }

    /**
     * Reads a model through a memory map, and begins to compile its kernels, on tiny inputs, in the background: requests
     * are answered from the start, by scalar kernels until the others are ready.
     *
     * @param path the file
     * @throws PackedFormatException if the file is no packed model of this version, or damaged
     * @throws IOException if the file cannot be read
     */
    public static PackedModel load(Path path) throws IOException {
        PackedModel model = ModelReader.load(path);
        model.prepared(1);
        return model;
    }
}
