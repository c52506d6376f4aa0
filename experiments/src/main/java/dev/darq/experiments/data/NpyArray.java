package dev.darq.experiments.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One array as NumPy saves it (the NPY format is described in {@code numpy.lib.format}: a magic text, the version, the
 * length of the header, the header as a Python dictionary, the values). Versions 1 to 3, C order, little-endian float32,
 * float64 and int64, and uint8.
 *
 * @param file   where it was read
 * @param type   of its values
 * @param shape  its dimensions, each at least 1
 * @param values the values, in the byte order of the file
 */
record NpyArray(Path file, Type type, List<Integer> shape, ByteBuffer values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 65_536;
    private static final Pattern HEADER = Pattern.compile(
            "\\s*\\{\\s*'descr':\\s*'(?<type>[^']*)',\\s*'fortran_order':\\s*(?<order>True|False),"
                    + "\\s*'shape':\\s*\\((?<shape>[0-9, ]*)\\),?\\s*}\\s*");

    /** The types of values that are read. */
    enum Type {
        FLOAT32("<f4", Float.BYTES), FLOAT64("<f8", Double.BYTES), UINT8("|u1", Byte.BYTES), INT64("<i8", Long.BYTES);

        private final String label;
        private final int bytes;

        Type(String label, int bytes) {
            this.label = label;
            this.bytes = bytes;
        }
    }

    /** Reads a file. */
    static NpyArray read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new DataException(file + ": has " + channel.size() + " bytes, expected less than 2 GiB");
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            return parse(file, header(file, bytes), bytes);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e + ")", e);
        }
    }

    /** The text of the header; the buffer stands behind it then. */
    private static String header(Path file, ByteBuffer bytes) {
        byte[] magic = new byte[MAGIC.length];
        require(file, bytes, MAGIC.length + 2, "the beginning");
        bytes.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new DataException(file + ": expected an NPY file, which begins with \\x93NUMPY");
        }
        int version = bytes.get();
        int minor = bytes.get();
        if (version < 1 || version > 3 || minor != 0) {
            throw new DataException(file + ": NPY version " + version + "." + minor + ", expected 1.0, 2.0 or 3.0");
        }
        require(file, bytes, version == 1 ? Short.BYTES : Integer.BYTES, "the header's length");
        int length = version == 1 ? Short.toUnsignedInt(bytes.getShort()) : bytes.getInt();
        if (length < 0 || length > LONGEST_HEADER) {
            throw new DataException(file + ": expected a header of at most " + LONGEST_HEADER + " bytes, got "
                    + Integer.toUnsignedString(length));
        }
        require(file, bytes, length, "the header");
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void require(Path file, ByteBuffer bytes, int length, String what) {
        if (bytes.remaining() < length) {
            throw new DataException(file + ": ends after " + bytes.limit() + " bytes, within " + what);
        }
    }

    private static NpyArray parse(Path file, String header, ByteBuffer bytes) {
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw new DataException(file + ": expected a header with descr, fortran_order and shape, got "
                    + header.strip());
        }
        if (matcher.group("order").equals("True")) {
            throw new DataException(file + ": is in Fortran order, expected C order");
        }
        String label = matcher.group("type");
        Type type = Arrays.stream(Type.values()).filter(known -> known.label.equals(label)).findFirst()
                .orElseThrow(() -> new DataException(file + ": holds values of type " + label
                        + ", expected <f4, <f8, |u1 or <i8"));
        List<Integer> shape = shape(file, matcher.group("shape"));
        long expected = type.bytes;
        for (int size : shape) {
            expected = Math.min(expected * size, 1L << 32); // more than any file has here, and no overflow
        }
        if (expected != bytes.remaining()) {
            throw new DataException(file + ": has " + bytes.remaining() + " bytes of values, expected "
                    + (expected < 1L << 32 ? expected : "more than 2 GiB") + " from its shape " + shape);
        }
        return new NpyArray(file, type, shape, bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    private static List<Integer> shape(Path file, String text) {
        List<Integer> shape = new ArrayList<>();
        for (String size : text.split(",", -1)) {
            if (!size.isBlank()) {
                shape.add(size(file, size.strip()));
            }
        }
        if (shape.isEmpty()) {
            throw new DataException(file + ": holds a single number, expected at least one dimension");
        }
        return shape;
    }

    private static int size(Path file, String text) {
        try {
            int size = Integer.parseInt(text);
            if (size > 0) {
                return size;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new DataException(file + ": has a dimension of " + text + ", expected 1 to " + Integer.MAX_VALUE);
    }

    /** The size of the first dimension. */
    int count() {
        return shape.getFirst();
    }

    /** All values as floats, finite; bytes over 255. */
    float[] floats() {
        float[] floats = new float[values.capacity() / type.bytes];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = switch (type) {
                case FLOAT32 -> values.getFloat(i * Float.BYTES);
                case FLOAT64 -> (float) values.getDouble(i * Double.BYTES);
                case UINT8 -> (values.get(i) & 0xff) / 255f;
                case INT64 -> values.getLong(i * Long.BYTES);
            };
            if (!Float.isFinite(floats[i])) {
                throw new DataException(file + ": value " + floats[i] + " at index " + i + ", expected finite numbers");
            }
        }
        return floats;
    }

    /** All values as labels; an array of one dimension of uint8 or int64, below a number of classes. */
    byte[] labels(int classes) {
        if (shape.size() != 1 || type == Type.FLOAT32 || type == Type.FLOAT64) {
            throw new DataException(file + ": has shape " + shape + " of " + type.label
                    + ", expected labels: one dimension of |u1 or <i8");
        }
        byte[] labels = new byte[count()];
        for (int i = 0; i < labels.length; i++) {
            long label = type == Type.UINT8 ? values.get(i) & 0xff : values.getLong(i * Long.BYTES);
            if (label < 0 || label >= classes) {
                throw new DataException(
                        file + ": label " + label + " at index " + i + ", expected 0 to " + (classes - 1));
            }
            labels[i] = (byte) label;
        }
        return labels;
    }
}
