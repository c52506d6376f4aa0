package dev.darq.kernels;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Opens a file that {@link ContainerWriter} wrote: its length, version and checksum; then the header. */
final class ContainerReader {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    /** CRC32C takes ByteBuffers, and those hold at most 2 GB. */
    private static final long SLICE = 1 << 30;
    private static final int LONGEST_VERSION = 10;

    /**
     * Makes of the tensors what they stand for, while the file is open.
     *
     * @param <T> what they stand for
     */
    @FunctionalInterface
    interface Content<T> {
        T read(TensorTable tensors, String version) throws PackedFormatException;
    }

    private final Path path;
    private final MemorySegment file;
    private final ContainerFormat format;

    private ContainerReader(Path path, MemorySegment file, ContainerFormat format) {
        this.path = path;
        this.file = file;
        this.format = format;
    }

    static <T> T load(Path path, ContainerFormat format, Content<T> content) throws IOException {
        // Looked at before it is opened: opening a pipe would wait for a writer.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new PackedFormatException(path, 0, "a regular file", "a directory, pipe or device");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new ContainerReader(path, file, format).read(content);
        }
    }

    private <T> T read(Content<T> content) throws PackedFormatException {
        int headerLength = headerLength();
        String version = checkVersion(headerLength);
        checkChecksum(format.checksumAt(version));
        byte[] json = bytes(ModelHeader.LENGTH_BYTES, headerLength);
        return content.read(TensorTable.parse(path, file, json), version);
    }

    private int headerLength() throws PackedFormatException {
        long room = file.byteSize() - ModelHeader.LENGTH_BYTES;
        if (room < 0) {
            throw new PackedFormatException(path, 0, "at least " + ModelHeader.LENGTH_BYTES + " bytes",
                    file.byteSize() + " bytes");
        }
        long length = file.get(LENGTH, 0);
        if (length < 0 || length > room || length > ModelHeader.LONGEST) {
            throw new PackedFormatException(path, 0,
                    "a header length of at most " + Math.min(room, ModelHeader.LONGEST) + " bytes",
                    Long.toUnsignedString(length));
        }
        return (int) length;
    }

    private String checkVersion(int headerLength) throws PackedFormatException {
        String before = format.beforeVersion();
        String header = text(ModelHeader.LENGTH_BYTES,
                Math.min(headerLength, format.checksumAt(format.version()) + LONGEST_VERSION));
        if (!header.startsWith(before)) {
            throw new PackedFormatException(path, ModelHeader.LENGTH_BYTES,
                    "the header of a " + format.name() + " file, " + before,
                    header.substring(0, Math.min(header.length(), before.length())));
        }
        String rest = header.substring(before.length());
        int quote = rest.indexOf('"');
        String version = rest.substring(0, quote >= 0 ? quote : Math.min(rest.length(), LONGEST_VERSION));
        if (!format.versions().contains(version)) {
            throw new PackedFormatException(path, ModelHeader.LENGTH_BYTES + before.length(),
                    "version " + String.join(" or ", format.versions().reversed()), "version " + version);
        }
        String expected = format.beforeChecksum(version);
        if (!header.startsWith(expected)
                || header.length() < expected.length() + ModelHeader.BLANK_CHECKSUM.length()) {
            throw new PackedFormatException(path, ModelHeader.LENGTH_BYTES, expected, header);
        }
        return version;
    }

    /** The sum covers every byte of the file, the checksum's own digits taken as zeros. */
    private void checkChecksum(int at) throws PackedFormatException {
        int digits = ModelHeader.BLANK_CHECKSUM.length();
        CRC32C sum = new CRC32C();
        update(sum, 0, at);
        sum.update(ModelHeader.ascii(ModelHeader.BLANK_CHECKSUM));
        update(sum, at + digits, file.byteSize());
        String expected = HexFormat.of().toHexDigits((int) sum.getValue());
        String actual = text(at, digits);
        if (!expected.equals(actual)) {
            throw new PackedFormatException(path, at, "checksum " + expected, actual);
        }
    }

    private void update(CRC32C sum, long from, long to) {
        for (long at = from; at < to; at += SLICE) {
            sum.update(file.asSlice(at, Math.min(SLICE, to - at)).asByteBuffer());
        }
    }

    private String text(long from, int length) {
        return new String(bytes(from, length), StandardCharsets.ISO_8859_1);
    }

    private byte[] bytes(long from, int length) {
        return file.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
