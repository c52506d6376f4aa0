package dev.darq.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors that a header lists, checked to lie one behind the other without hole or overlap up to the file's end, and
 * handed out by name, type and shape. Allocates nothing before the file has shown that it holds the bytes.
 */
final class TensorTable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MOST_DIMENSIONS = 8;

    /** One tensor: where it lies, counted from the file's begin. */
    private record Entry(String name, StoredTensor.Type type, List<Long> shape, long begin, long end) {}

    final Map<String, String> metadata = new HashMap<>();
    private final Map<String, Entry> unused = new HashMap<>();
    private final Path path;
    private final MemorySegment file;
    private final long dataBegin;

    private TensorTable(Path path, MemorySegment file, long dataBegin) {
        this.path = path;
        this.file = file;
        this.dataBegin = dataBegin;
    }

    static TensorTable parse(Path path, MemorySegment file, byte[] header) throws PackedFormatException {
        TensorTable table = new TensorTable(path, file, ModelHeader.LENGTH_BYTES + header.length);
        table.parse(header);
        return table;
    }

    private void parse(byte[] header) throws PackedFormatException {
        if (dataBegin % ModelHeader.ALIGNMENT != 0) {
            throw new PackedFormatException(path, 0, "a header that ends at a multiple of " + ModelHeader.ALIGNMENT,
                    "one that ends at " + dataBegin);
        }
        Map<?, ?> root = map(JsonTree.parse(header, path, ModelHeader.LENGTH_BYTES), "the header");
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<?, ?> field : root.entrySet()) {
            String name = (String) field.getKey();
            if (name.equals("__metadata__")) {
                for (Map.Entry<?, ?> text : map(field.getValue(), name).entrySet()) {
                    if (!(text.getValue() instanceof String value)) {
                        throw bad("a string in __metadata__ for " + text.getKey(), text.getValue());
                    }
                    metadata.put((String) text.getKey(), value);
                }
            } else {
                entries.add(entry(name, map(field.getValue(), name)));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = dataBegin;
        for (Entry entry : entries) {
            if (entry.begin != at) {
                throw new PackedFormatException(path, entry.begin,
                        "tensor " + entry.name + " to begin where the one before ends, at " + at, "" + entry.begin);
            }
            at = entry.end;
            unused.put(entry.name, entry);
        }
        if (at != file.byteSize()) {
            throw new PackedFormatException(path, at, "the end of the file", file.byteSize() - at + " more bytes");
        }
    }

    private Entry entry(String name, Map<?, ?> fields) throws PackedFormatException {
        if (name.isEmpty() || fields.size() != 3) {
            throw bad("tensor " + name + " with a name, dtype, shape and data_offsets", fields);
        }
        StoredTensor.Type type = type(name, fields.get("dtype"));
        List<Long> shape = integers(name + ".shape", fields.get("shape"));
        List<Long> offsets = integers(name + ".data_offsets", fields.get("data_offsets"));
        if (shape.isEmpty() || shape.size() > MOST_DIMENSIONS) {
            throw bad("1.." + MOST_DIMENSIONS + " dimensions for " + name, shape.size());
        }
        if (offsets.size() != 2) {
            throw bad("two data_offsets for " + name, offsets.size());
        }
        long size = file.byteSize() - dataBegin;
        long bytes = type.bytes;
        for (long dimension : shape) {
            // Dividing instead of multiplying: a product could overflow into something plausible.
            if (dimension < 1 || bytes > size / dimension) {
                throw bad("tensor " + name + " to fit the " + size + " bytes of data", shape);
            }
            bytes *= dimension;
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin < 0 || begin > size || end < begin || end > size || end - begin != bytes) {
            throw bad("tensor " + name + " to lie at " + bytes + " bytes within 0.." + size, offsets);
        }
        return new Entry(name, type, shape, dataBegin + begin, dataBegin + end);
    }

    private StoredTensor.Type type(String name, @Nullable Object dtype) throws PackedFormatException {
        for (StoredTensor.Type type : StoredTensor.Type.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw bad("a dtype of " + Arrays.toString(StoredTensor.Type.values()) + " for " + name, dtype);
    }

    private List<Long> integers(String what, @Nullable Object value) throws PackedFormatException {
        if (!(value instanceof List<?> list)) {
            throw bad("a list of integers for " + what, value);
        }
        List<Long> integers = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Long integer)) {
                throw bad("a list of integers for " + what, element);
            }
            integers.add(integer);
        }
        return integers;
    }

    private Map<?, ?> map(Object value, String what) throws PackedFormatException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw bad("a JSON object for " + what, value);
    }

    private PackedFormatException bad(String expected, @Nullable Object actual) {
        return new PackedFormatException(path, ModelHeader.LENGTH_BYTES, expected, String.valueOf(actual));
    }

    /** Where a tensor lies, for messages. */
    private MemorySegment take(String name, StoredTensor.Type type, long... shape) throws PackedFormatException {
        Entry entry = unused.remove(name);
        if (entry == null) {
            throw bad("tensor " + name, "none of that name");
        }
        List<Long> expected = new ArrayList<>();
        for (long dimension : shape) {
            expected.add(dimension);
        }
        if (entry.type != type || !entry.shape.equals(expected)) {
            throw new PackedFormatException(path, entry.begin, name + " of " + type + " " + expected,
                    entry.type + " " + entry.shape);
        }
        return file.asSlice(entry.begin, entry.end - entry.begin);
    }

    float[] floats(String name, long... shape) throws PackedFormatException {
        return floatsAbove(Float.NEGATIVE_INFINITY, name, shape);
    }

    /** Floats that are all above zero. */
    float[] scales(String name, long length) throws PackedFormatException {
        return floatsAbove(0, name, length);
    }

    private float[] floatsAbove(float above, String name, long... shape) throws PackedFormatException {
        MemorySegment data = take(name, StoredTensor.Type.F32, shape);
        length(name, data.byteSize() / Float.BYTES);
        float[] values = data.toArray(FLOAT);
        for (int i = 0; i < values.length; i++) {
            checked(name, values[i], above, data, (long) i * Float.BYTES);
        }
        return values;
    }

    float[] halves(String name, long... shape) throws PackedFormatException {
        MemorySegment data = take(name, StoredTensor.Type.F16, shape);
        float[] values = new float[length(name, data.byteSize() / Short.BYTES)];
        for (int i = 0; i < values.length; i++) {
            long at = (long) i * Short.BYTES;
            values[i] = checked(name, Float.float16ToFloat(data.get(SHORT, at)), Float.NEGATIVE_INFINITY, data, at);
        }
        return values;
    }

    /** Checked here, where the byte is known, and not only by the constructors that take the array. */
    private float checked(String name, float value, float above, MemorySegment data, long at)
            throws PackedFormatException {
        if (!(value > above && value < Float.POSITIVE_INFINITY)) {
            throw new PackedFormatException(path, data.address() - file.address() + at,
                    "a finite number above " + above + " in " + name, "" + value);
        }
        return value;
    }

    short[] shorts(String name, StoredTensor.Type type, long... shape) throws PackedFormatException {
        return take(name, type, shape).toArray(SHORT);
    }

    /** All tensors as they are: float[], double[] and long[] of one dimension by name. */
    Map<String, Object> arrays() throws PackedFormatException {
        Map<String, Object> arrays = new HashMap<>();
        for (Entry entry : List.copyOf(unused.values())) {
            long size = entry.shape.getFirst();
            length(entry.name, size);
            MemorySegment data = take(entry.name, entry.type, size);
            arrays.put(entry.name, switch (entry.type) {
                case F32 -> data.toArray(FLOAT);
                case F64 -> data.toArray(DOUBLE);
                case I64 -> data.toArray(LONG);
                case F16, I16, U8 -> throw bad("F32, F64 or I64 for " + entry.name, entry.type);
            });
        }
        return arrays;
    }

    /** Reads rows of {@code ceil(columns / 8)} bytes into rows of 64-bit words. */
    long[] planes(String name, int rows, int bits, int columns) throws PackedFormatException {
        int bytes = StoredTensor.planeBytes(columns);
        MemorySegment data = take(name, StoredTensor.Type.U8, rows, bits, bytes);
        int words = BinaryCode.words(columns);
        long padding = BinaryCode.padding(columns);
        long[] planes = new long[length(name, (long) rows * bits * words)];
        byte[] row = new byte[bytes];
        for (int plane = 0; plane < rows * bits; plane++) {
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, (long) plane * bytes, row, 0, bytes);
            for (int b = 0; b < bytes; b++) {
                planes[plane * words + (b >> 3)] |= (row[b] & 0xFFL) << 8 * (b & 7);
            }
            if ((planes[plane * words + words - 1] & padding) != 0) {
                // Popcounts would count a stray bit as if it were an input.
                long last = (plane + 1L) * bytes - 1;
                throw new PackedFormatException(path, data.address() - file.address() + last,
                        "zero bits past column " + columns + " in " + name,
                        "0x" + Integer.toHexString(data.get(ValueLayout.JAVA_BYTE, last) & 0xFF));
            }
        }
        return planes;
    }

    private int length(String name, long elements) throws PackedFormatException {
        if (elements > Integer.MAX_VALUE - 8) {
            throw bad("a tensor of at most 2^31 elements for " + name, elements);
        }
        return (int) elements;
    }

    /** Refuses tensors that no operation asked for: nothing in a file goes unchecked. */
    void requireAllUsed() throws PackedFormatException {
        for (Entry entry : unused.values()) {
            throw new PackedFormatException(path, entry.begin, "only tensors of the operations",
                    String.format(Locale.ROOT, "tensor %s", entry.name));
        }
    }
}
