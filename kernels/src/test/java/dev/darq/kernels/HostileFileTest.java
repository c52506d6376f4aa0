package dev.darq.kernels;

import static dev.darq.kernels.Forgery.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to break a reader: their checksum is right, their contents are not. */
class HostileFileTest {
    private static final String PLANES = "\"fc.weight.planes\":{\"dtype\":\"U8\",\"shape\":[2,2,1],\"data_offsets\":[40,44]}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;
    @SuppressWarnings("NullAway.Init")
    private Forgery good;

    @BeforeEach
    void takeApartAGoodFile() throws IOException {
        good = Forgery.of(TestModels.tiny(), directory);
    }

    @Test
    void theForgeryItselfWorks() throws IOException {
        assertEquals(3, PackedModel.load(good.write(good.header, good.data)).inputs());
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
                Arrays.copyOf(good.data, 45));
        refuse(PLANES, PLANES + ",\"empty\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[44,44]}");
        refuse("," + PLANES, "", Arrays.copyOf(good.data, 40));
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

    @ParameterizedTest
    @ValueSource(strings = {"0", "3", "10", "", "1.0", "999999999999999999999"})
    void otherVersionsAreNamed(String version) throws IOException {
        Path path = good.write(good.header.replace("\"version\":\"2\"", "\"version\":\"" + version + "\""), good.data);
        String message = assertRefused(path);
        assertTrue(message.contains("expected version 1 or 2, found version"), message);
    }

    /** A later version may change all that follows its number. */
    @Test
    void aLaterVersionIsNamedWhateverFollows() throws IOException {
        String later = ModelHeader.FORMAT.beforeVersion() + "27\",\"crc64\":\"\u00e9";
        String message = assertRefused(good.write(later, new byte[3]));
        assertTrue(message.contains("at byte " + (8 + ModelHeader.FORMAT.beforeVersion().length())), message);
        assertTrue(message.endsWith("expected version 1 or 2, found version 27"), message);
    }

    @Test
    void anotherSafetensorsFileIsRefusedWithItsFirstBytes() throws IOException {
        String other = "{\"__metadata__\":{\"format\":\"pt\"},\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        byte[] text = other.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + 1).order(ByteOrder.LITTLE_ENDIAN);
        String message = assertRefused(good.writeBytes(file.putLong(text.length).put(text).array()));
        assertTrue(message.contains("expected the header of a darq file"), message);
        assertTrue(message.contains("{\"__metadata__\":{\"format\":\"pt\""), message);
    }

    /** Opening one would wait until somebody writes into it. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsRefusedAtOnce() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe.darq");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertRefused(pipe);
    }

    @Test
    void jsonThatIsNoneOrDeepOrGoesOnIsRefused() throws IOException {
        assertRefused(good.write(good.header.substring(0, good.header.length() - 1), good.data));
        assertRefused(good.write(good.header + "{}", good.data));
        refuse(PLANES, PLANES + ",\"deep\":" + "[".repeat(5000) + "]".repeat(5000));
        refuse(PLANES, PLANES + ",\"deep\":" + "[".repeat(5000));
        refuse("\"operations\":\"[", "\"operations\":\"[[");
        refuse("\"operations\":", "\"user.x\":1,\"operations\":");
        refuse("\"operations\":", "\"user.x\":\"1\",\"user.x\":\"2\",\"operations\":");
        refuse("\\\"rows\\\":2", "\\\"rows\\\":2,\\\"rows\\\":2");
        refuse("\"operations\":\"[", "\"operations\":\"[],[");
        refuse("\"operations\":", "\"stranger\":\"x\",\"operations\":");
        refuse("\"operations\":", "\"user.x\":\"\\uD800\",\"operations\":");
        refuse("\"operations\":", "\"op\u00e9rations\":");
        refuse("\"operations\":", "\"\n\":");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() throws IOException {
        Path path = good.write(good.header.replace("\"operations\":", "\"user.x\":\"@\",\"operations\":"), good.data);
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '@') {
                bytes[i] = (byte) 0xC3;
            }
        }
        assertRefused(good.writeBytes(Forgery.checksummed(bytes)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, 0, 1, 60})
    void headerLengthsThatDoNotFitAreRefused(long length) throws IOException {
        byte[] bytes = Files.readAllBytes(good.write(good.header, good.data));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        assertRefused(good.writeBytes(bytes));
    }

    @Test
    void bytesAfterTheLastTensorAreRefusedWhateverTheChecksum() throws IOException {
        assertRefused(good.write(good.header, Arrays.copyOf(good.data, good.data.length + 1)));
        assertRefused(good.write(good.header, Arrays.copyOf(good.data, good.data.length - 1)));
    }

    private void refuse(String from, String to) throws IOException {
        refuse(from, to, good.data);
    }

    private void refuse(String from, String to, byte[] tensors) throws IOException {
        assertTrue(good.header.contains(from), () -> from + " is not in " + good.header);
        assertRefused(good.write(good.header.replace(from, to), tensors));
    }
}
