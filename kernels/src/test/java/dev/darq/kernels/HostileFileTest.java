package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to break a reader: their checksum is right, their contents are not. */
class HostileFileTest {
    private static final String PLANES = "\"fc.weight.planes\":{\"dtype\":\"U8\",\"shape\":[2,2,1],\"data_offsets\":[40,44]}";
    private static final int CHECKSUM_AT = ModelHeader.CHECKSUM_AT - 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;
    private String header = "";
    private byte[] data = {};

    @BeforeEach
    void takeApartAGoodFile() throws IOException {
        Path path = directory.resolve("good.darq");
        TestModels.tiny().save(path);
        byte[] bytes = Files.readAllBytes(path);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        header = new String(bytes, 8, length, StandardCharsets.UTF_8).strip();
        data = Arrays.copyOfRange(bytes, 8 + length, bytes.length);
    }

    @Test
    void theForgerItselfWorks() throws IOException {
        assertEquals(3, PackedModel.load(forge(header, data)).inputs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[2,2,-1]", "[2,0,1]", "[]", "[2,2,2]", "[4]", "[2,2,1,1,1,1,1,1,1]", "[2.0,2,1]", "\"2\"",
            "[4611686018427387905,4,1]", "[9223372036854775807,9223372036854775807,1]", "[99999999999999999999,2,1]",
            "[2,[2],1]", "null"})
    void shapesThatAreNegativeZeroOverflowingOrNoShapesAreRefused(String shape) throws IOException {
        refuse("\"shape\":[2,2,1]", "\"shape\":" + shape);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[-4,0]", "[44,40]", "[40,45]", "[41,45]", "[39,43]", "[36,40]", "[40,9223372036854775807]",
            "[-9223372036854775808,9223372036854775807]", "[9223372036854775803,9223372036854775807]", "[40]",
            "[40,44,48]", "[4294967336,4294967340]"})
    void offsetsThatOverlapLeaveAHoleOrOverflowAreRefused(String offsets) throws IOException {
        refuse("\"data_offsets\":[40,44]", "\"data_offsets\":" + offsets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"F64", "BOOL", "I8", "u8", ""})
    void otherElementTypesAreRefused(String type) throws IOException {
        refuse("\"dtype\":\"U8\"", "\"dtype\":\"" + type + "\"");
    }

    @Test
    void tensorsTwiceNamelessOverlongMissingOrUnaskedForAreRefused() throws IOException {
        refuse(PLANES, PLANES + "," + PLANES);
        refuse("\"fc.weight.planes\"", "\"\"");
        refuse("\"fc.weight.planes\"", "\"" + "x".repeat(100_000) + "\"");
        refuse("\"fc.weight.planes\"", "\"other\"");
        refuse(PLANES, PLANES + ",\"more\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[44,45]}",
                Arrays.copyOf(data, 45));
        refuse(PLANES, PLANES + ",\"empty\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[44,44]}");
        refuse("," + PLANES, "", Arrays.copyOf(data, 40));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"weight_bits\\\":2|weight_bits\\\":0", "weight_bits\\\":2|weight_bits\\\":9",
            "weight_bits\\\":2|weight_bits\\\":3", "weight_bits\\\":2|weight_bits\\\":-2147483646",
            "input_bits\\\":3|input_bits\\\":1", "input_bits\\\":3|input_bits\\\":17",
            "input_bits\\\":3|input_bits\\\":2", "lowest\\\":-4|lowest\\\":-65536", "lowest\\\":-4|lowest\\\":3",
            "highest\\\":3|highest\\\":4294967299", "rows\\\":2|rows\\\":0", "rows\\\":2|rows\\\":2147483647",
            "rows\\\":2|rows\\\":-2", "columns\\\":3|columns\\\":0", "columns\\\":3|columns\\\":11",
            "columns\\\":3|columns\\\":99999999", "columns\\\":3|columns\\\":3.0",
            "type\\\":\\\"linear|type\\\":\\\"conv",
            "weights\\\":\\\"binary|weights\\\":\\\"ternary", "input\\\":\\\"uniform|input\\\":\\\"log",
            "name\\\":\\\"fc|name\\\":\\\"", "rows\\\":2|rows\\\":2,\\\"more\\\":1", "rows\\\":2,|"})
    void operationsWithBitsSizesOrKindsOutOfRangeAreRefused(String from, String to) throws IOException {
        refuse(from, to == null ? "" : to);
    }

    @Test
    void paddingBitsAreRefusedBecausePopcountsWouldCountThem() throws IOException {
        for (int i = 40; i < 44; i++) {
            for (int bit = 3; bit < 8; bit++) {
                byte[] bad = data.clone();
                bad[i] |= (byte) (1 << bit);
                assertRefused(forge(header, bad));
            }
        }
    }

    /** Tensors in order: basis [2,2], offset [2], input scale, input offset, bias [2]. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void numbersThatAreNotFiniteAreRefusedEverywhere(float value) throws IOException {
        for (int at = 0; at < 40; at += Float.BYTES) {
            assertRefused(forge(header, with(at, value)));
        }
    }

    @Test
    void aZeroOrNegativeScaleIsRefused() throws IOException {
        int scale = Integer.parseInt(header.replaceAll(".*fc\\.input\\.scale[^}]*offsets\":\\[(\\d+).*", "$1"));
        assertRefused(forge(header, with(scale, 0f)));
        assertRefused(forge(header, with(scale, -0f)));
        assertRefused(forge(header, with(scale, -1f)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "10", "", "1.0", "999999999999999999999"})
    void otherVersionsAreNamed(String version) throws IOException {
        Path path = forge(header.replace("\"version\":\"1\"", "\"version\":\"" + version + "\""), data);
        String message = assertRefused(path);
        assertTrue(message.contains("expected version 1, found version"), message);
    }

    @Test
    void jsonThatIsNoneOrDeepOrGoesOnIsRefused() throws IOException {
        assertRefused(forge(header.substring(0, header.length() - 1), data));
        assertRefused(forge(header + "{}", data));
        refuse(PLANES, PLANES + ",\"deep\":" + "[".repeat(5000) + "]".repeat(5000));
        refuse(PLANES, PLANES + ",\"deep\":" + "[".repeat(5000));
        refuse("\"operations\":\"[", "\"operations\":\"[[");
        refuse("\"operations\":", "\"user.x\":1,\"operations\":");
        refuse("\"operations\":", "\"stranger\":\"x\",\"operations\":");
        refuse("\"operations\":", "\"user.x\":\"\\uD800\",\"operations\":");
        refuse("\"operations\":", "\"op\u00e9rations\":");
        refuse("\"operations\":", "\"\n\":");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() throws IOException {
        Path path = forge(header.replace("\"operations\":", "\"user.x\":\"@\",\"operations\":"), data);
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '@') {
                bytes[i] = (byte) 0xC3;
            }
        }
        Files.write(path, checksummed(bytes));
        assertRefused(path);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, 0, 1, 60})
    void headerLengthsThatDoNotFitAreRefused(long length) throws IOException {
        byte[] bytes = Files.readAllBytes(forge(header, data));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        Path path = directory.resolve("bad.darq");
        Files.write(path, bytes);
        assertRefused(path);
    }

    @Test
    void bytesAfterTheLastTensorAreRefusedWhateverTheChecksum() throws IOException {
        assertRefused(forge(header, Arrays.copyOf(data, data.length + 1)));
        assertRefused(forge(header, Arrays.copyOf(data, data.length - 1)));
    }

    private byte[] with(int at, float value) {
        byte[] changed = data.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, value);
        return changed;
    }

    private void refuse(String from, String to) throws IOException {
        refuse(from, to, data);
    }

    private void refuse(String from, String to, byte[] tensors) throws IOException {
        assertTrue(header.contains(from), () -> from + " is not in " + header);
        assertRefused(forge(header.replace(from, to), tensors));
    }

    /** Refused with one line, and without memory that the file's own size does not justify. */
    private static String assertRefused(Path path) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        PackedFormatException thrown = assertThrows(PackedFormatException.class, () -> PackedModel.load(path));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 2_000_000 + 50 * Files.size(path), "allocated " + allocated);
        String message = String.valueOf(thrown.getMessage());
        assertTrue(message.startsWith(path + ": at byte ") && message.contains(", found "), message);
        assertFalse(message.contains("\n") || message.length() > 1500, message);
        return message;
    }

    private Path forge(String json, byte[] tensors) throws IOException {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(8 + text.length, 64) * 64 - 8;
        ByteBuffer file = ByteBuffer.allocate(8 + length + tensors.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(length).put(text);
        while (file.position() < 8 + length) {
            file.put((byte) ' ');
        }
        file.put(tensors);
        Path path = directory.resolve("forged.darq");
        Files.write(path, checksummed(file.array()));
        return path;
    }

    static byte[] checksummed(byte[] file) {
        Arrays.fill(file, 8 + CHECKSUM_AT, 8 + CHECKSUM_AT + 8, (byte) '0');
        CRC32C sum = new CRC32C();
        sum.update(file);
        byte[] digits = HexFormat.of().toHexDigits((int) sum.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, file, 8 + CHECKSUM_AT, 8);
        return file;
    }
}
