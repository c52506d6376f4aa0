package dev.darq.kernels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A safetensors file of named arrays and texts, for what is no packed model (the checkpoints of a training): with a
 * format's name, a version and a checksum (CRC-32C) of all its bytes, and there in full or not at all.
 *
 * @param texts  strings by name, in the file's metadata
 * @param arrays float[], double[] and long[] by name, none of them empty; not copied
 */
public record TensorFile(Map<String, String> texts, Map<String, Object> arrays) {
    /**
     * Writes the file as {@link AtomicFile} does.
     *
     * @param format  what the file is, an identifier
     * @param version its version
     * @throws IOException when the disk refuses; the file is then what it was before
     */
    public void save(Path path, String format, int version) throws IOException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        texts.forEach((name, text) -> metadata.put(ModelHeader.USER_PREFIX + name, text));
        List<StoredTensor> tensors = new ArrayList<>();
        arrays.forEach((name, array) -> tensors.add(tensor(name, array)));
        ContainerWriter.save(path, format(format, version), metadata, tensors);
    }

    private static StoredTensor tensor(String name, Object array) {
        return switch (array) {
            case float[] values -> new StoredTensor(name, StoredTensor.Type.F32, List.of((long) values.length), values);
            case double[] values ->
                new StoredTensor(name, StoredTensor.Type.F64, List.of((long) values.length), values);
            case long[] values -> new StoredTensor(name, StoredTensor.Type.I64, List.of((long) values.length), values);
            default -> throw new IllegalArgumentException("expected float[], double[] or long[] for " + name + ", got "
                    + array.getClass().getSimpleName());
        };
    }

    private static ContainerFormat format(String format, int version) {
        return new ContainerFormat(format, List.of(Integer.toString(version)));
    }

    /**
     * Reads a file.
     *
     * @throws PackedFormatException when it is none of this format and version, or damaged in any byte
     * @throws IOException           when it cannot be read
     */
    public static TensorFile load(Path path, String format, int version) throws IOException {
        return ContainerReader.load(path, format(format, version), (tensors, _) -> {
            Map<String, String> texts = new HashMap<>();
            tensors.metadata.forEach((key, value) -> {
                if (key.startsWith(ModelHeader.USER_PREFIX)) {
                    texts.put(key.substring(ModelHeader.USER_PREFIX.length()), value);
                }
            });
            return new TensorFile(texts, tensors.arrays());
        });
    }
}
