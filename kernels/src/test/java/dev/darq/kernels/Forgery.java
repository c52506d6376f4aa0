package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A good file taken apart, to be put together again with other contents and a checksum that is right for them. */
final class Forgery {
    private static final int DIGITS_AT = 8 + "{'__metadata__':{'format':'darq','version':'2','checksum':'".length();

    /** The header's JSON, without the spaces that fill it up. */
    final String header;
    /** The bytes of all tensors. */
    final byte[] data;
    /** Where in the file the tensors begin. */
    final int dataAt;
    private final Path path;

    private Forgery(Path path, byte[] file) {
        this.path = path;
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        header = new String(file, 8, length, StandardCharsets.UTF_8).strip();
        dataAt = 8 + length;
        data = Arrays.copyOfRange(file, dataAt, file.length);
    }

    static Forgery of(PackedModel model, Path directory) throws IOException {
        Path path = directory.resolve("forged.darq");
        model.save(path);
        return new Forgery(path, Files.readAllBytes(path));
    }

    /** Writes a file whose only fault is in its header or data. */
    Path write(String json, byte[] tensors) throws IOException {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(8 + text.length, 64) * 64 - 8;
        ByteBuffer file = ByteBuffer.allocate(8 + length + tensors.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(length).put(text);
        while (file.position() < 8 + length) {
            file.put((byte) ' ');
        }
        file.put(tensors);
        return writeBytes(checksummed(file.array()));
    }

    /** Writes any bytes. */
    Path writeBytes(byte[] bytes) throws IOException {
        Files.write(path, bytes);
        return path;
    }

    static byte[] checksummed(byte[] file) {
        Arrays.fill(file, DIGITS_AT, DIGITS_AT + 8, (byte) '0');
        CRC32C sum = new CRC32C();
        sum.update(file);
        byte[] digits = HexFormat.of().toHexDigits((int) sum.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, file, DIGITS_AT, 8);
        return file;
    }

    /** The data with one byte changed. */
    byte[] with(int at, int value) {
        byte[] changed = data.clone();
        changed[at] = (byte) value;
        return changed;
    }

    /** The data with four bytes changed to a float. */
    byte[] with(int at, float value) {
        byte[] changed = data.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, value);
        return changed;
    }

    /**
     * Refused with one line that says where, what was expected and what was found, by the one type of exception, and
     * without memory that the file's own size does not justify.
     */
    static String assertRefused(Path path) throws IOException {
        // The first refusal of a kind loads classes, which is no memory that the file asked for.
        assertThrows(PackedFormatException.class, () -> PackedModel.load(path));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        PackedFormatException thrown = assertThrows(PackedFormatException.class, () -> PackedModel.load(path));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 300_000 + 50 * Files.size(path), "allocated " + allocated);
        String message = String.valueOf(thrown.getMessage());
        assertTrue(message.startsWith(path + ": at byte "), message);
        assertTrue(message.contains(": expected ") && message.contains(", found "), message);
        assertFalse(message.contains("\n") || message.length() > 1500, message);
        return message;
    }
}
