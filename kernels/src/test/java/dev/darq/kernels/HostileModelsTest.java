package dev.darq.kernels;

import static dev.darq.kernels.Forgery.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each tensor, number and field of models of all kinds, made wrong one at a time under a checksum that is right. */
@ParameterizedClass
@MethodSource("models")
class HostileModelsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;
    @Parameter
    @SuppressWarnings("NullAway.Init")
    private PackedModel model;
    @SuppressWarnings("NullAway.Init")
    private Forgery good;

    static Stream<PackedModel> models() {
        return TestModels.several();
    }

    @BeforeEach
    void takeApartAGoodFile() throws IOException {
        good = Forgery.of(model, directory);
    }

    @Test
    void whatTheseTestsPutTogetherUnchangedIsTheSameFile() throws IOException {
        byte[] whole = Files.readAllBytes(good.write(good.header, good.data));
        assertEquals(-1, Arrays.mismatch(whole, Files.readAllBytes(good.write(header().toString(), good.data))));
        PackedModel.load(good.write(withOperations(operations()), good.data));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE})
    void noDimensionIsNegativeZeroOrLargerThanTheFile(long wrong) throws IOException {
        for (String tensor : tensors()) {
            for (int i = 0; i < header().get(tensor).get("shape").size(); i++) {
                JsonNode header = header();
                array(header.get(tensor), "shape").set(i, wrong);
                refuse(header);
            }
        }
    }

    /** 2^63 + 2 times 2 bytes is 4 bytes in 64 bits, and so on. */
    @Test
    void productsThatOverflowToTheRightSizeAreRefused() throws IOException {
        for (String tensor : tensors()) {
            JsonNode header = header();
            JsonNode offsets = header.get(tensor).get("data_offsets");
            long bytes = offsets.get(1).asLong() - offsets.get(0).asLong();
            ArrayNode shape = array(header.get(tensor), "shape").removeAll();
            shape.add(1L << 32).add(1L << 32).add(bytes);
            refuse(header);
            shape.removeAll().add((1L << 62) + bytes).add(4);
            refuse(header);
        }
    }

    @Test
    void anotherShapeOfTheSameSizeIsRefused() throws IOException {
        for (String tensor : tensors()) {
            JsonNode header = header();
            array(header.get(tensor), "shape").add(1);
            refuse(header);
            array(header.get(tensor), "shape").removeAll();
            refuse(header);
        }
    }

    @Test
    void tensorsThatOverlapLeaveAHoleOrLieOutsideAreRefused() throws IOException {
        for (String tensor : tensors()) {
            long[][] shifts = {{1, 1}, {-1, -1}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1L << 32, 1L << 32},
                    {Long.MIN_VALUE, Long.MIN_VALUE}, {good.data.length, good.data.length}, {0, Long.MAX_VALUE}};
            for (long[] shift : shifts) {
                JsonNode header = header();
                ArrayNode offsets = array(header.get(tensor), "data_offsets");
                for (int i = 0; i < 2; i++) {
                    offsets.set(i, offsets.get(i).asLong() + shift[i]);
                }
                refuse(header);
            }
            JsonNode header = header();
            ArrayNode offsets = array(header.get(tensor), "data_offsets");
            offsets.add(offsets.remove(0));
            refuse(header);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "I16", "U8", "F64", "f32", ""})
    void noTensorIsTakenAsAnotherType(String type) throws IOException {
        for (String tensor : tensors()) {
            JsonNode header = header();
            if (!header.get(tensor).get("dtype").asText().equals(type)) {
                ((ObjectNode) header.get(tensor)).put("dtype", type);
                refuse(header);
            }
        }
    }

    @Test
    void noTensorIsMissingTwiceNamelessRenamedOrInExcess() throws IOException {
        int end = good.data.length;
        for (String tensor : tensors()) {
            JsonNode entry = header().get(tensor);
            String field = JSON.writeValueAsString(tensor) + ":" + entry;
            for (String name : List.of("", "x".repeat(400), "x".repeat(70_000), tensor + "s", tensor.substring(1))) {
                assertRefused(good.write(good.header.replace(field, JSON.writeValueAsString(name) + ":" + entry),
                        good.data));
            }
            assertRefused(good.write(good.header.replace(field, field + "," + field), good.data));
            JsonNode without = header();
            ((ObjectNode) without).remove(tensor);
            refuse(without);
        }
        for (String name : List.of("", "more", "x".repeat(70_000))) {
            String further = JSON.writeValueAsString(name) + ":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":["
                    + end + "," + (end + 1) + "]}";
            String header = good.header.substring(0, good.header.length() - 1) + "," + further + "}";
            assertRefused(good.write(header, Arrays.copyOf(good.data, end + 1)));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void numbersThatAreNotFiniteAreRefusedEverywhereAndTheirByteIsNamed(float value) throws IOException {
        for (String tensor : tensors()) {
            JsonNode entry = header().get(tensor);
            int end = entry.get("data_offsets").get(1).asInt();
            for (int at = entry.get("data_offsets").get(0).asInt(); at < end;) {
                switch (entry.get("dtype").asText()) {
                    case "F32" -> refuseAt(at, good.with(at, value));
                    case "F16" -> {
                        byte[] bad = good.data.clone();
                        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putShort(at, Float.floatToFloat16(value));
                        refuseAt(at, bad);
                    }
                    default -> { // Every bit pattern of an integer is one.
                    }
                }
                at += switch (entry.get("dtype").asText()) {
                    case "F32" -> 4;
                    case "F16", "I16" -> 2;
                    default -> 1;
                };
            }
        }
    }

    @Test
    void aScaleThatIsZeroOrNegativeIsRefusedAndItsByteIsNamed() throws IOException {
        for (String tensor : tensors()) {
            JsonNode offsets = header().get(tensor).get("data_offsets");
            if (tensor.endsWith(".scale")) {
                for (int at = offsets.get(0).asInt(); at < offsets.get(1).asInt(); at += Float.BYTES) {
                    refuseAt(at, good.with(at, 0f));
                    refuseAt(at, good.with(at, -0f));
                    refuseAt(at, good.with(at, -Float.MIN_VALUE));
                }
            }
        }
    }

    @Test
    void paddingBitsAreRefusedBecausePopcountsWouldCountThem() throws IOException {
        for (JsonNode operation : operations()) {
            JsonNode entry = header().get(operation.get("name").asText() + ".weight.planes");
            if (entry == null) {
                continue;
            }
            int bytes = entry.get("shape").get(2).asInt();
            int end = entry.get("data_offsets").get(1).asInt();
            for (int at = entry.get("data_offsets").get(0).asInt() + bytes - 1; at < end; at += bytes) {
                for (int bit = operation.get("columns").asInt() - 8 * (bytes - 1); bit < 8; bit++) {
                    refuseAt(at, good.with(at, good.data[at] | 1 << bit));
                }
            }
        }
    }

    @Test
    void fieldsOfOperationsThatAreMissingInExcessOrOfAnotherTypeAreRefused() throws IOException {
        ArrayNode operations = operations();
        for (int i = 0; i < operations.size(); i++) {
            for (Map.Entry<String, JsonNode> field : operations.get(i).properties()) {
                for (String wrong : List.of("null", "true", "[]", "{}", "2.5", "1e3", "\"\"", "65536", "-65536",
                        "2147483648", "4294967297", "99999999999999999999")) {
                    ArrayNode changed = operations();
                    ((ObjectNode) changed.get(i)).set(field.getKey(), JSON.readTree(wrong));
                    refuse(changed);
                }
                if (Set.of("rows", "columns", "weight_bits", "input_bits").contains(field.getKey())) {
                    for (int wrong : new int[] {-1, 0}) {
                        ArrayNode changed = operations();
                        ((ObjectNode) changed.get(i)).put(field.getKey(), wrong);
                        refuse(changed);
                    }
                }
                ArrayNode changed = operations();
                ((ObjectNode) changed.get(i)).remove(field.getKey());
                refuse(changed);
            }
            ArrayNode changed = operations();
            ((ObjectNode) changed.get(i)).put("more", 1);
            refuse(changed);
        }
    }

    @Test
    void operationsThatAreMissingTwiceOrOverlongAreRefused() throws IOException {
        for (int i = 0; i < operations().size(); i++) {
            ArrayNode changed = operations();
            changed.insert(i, changed.get(i));
            refuse(changed);
            changed = operations();
            ((ObjectNode) changed.get(i)).put("name", "x".repeat(201));
            refuse(changed);
            if (operations().get(i).get("type").asText().equals("linear")) {
                changed = operations();
                changed.remove(i);
                refuse(changed);
            }
        }
        refuse(JSON.createArrayNode());
    }

    /** The header takes in 64 bytes of the tensors, or leaves 64 of its own to them. */
    @ParameterizedTest
    @ValueSource(ints = {-64, 64, -1, 1, -8})
    void aHeaderLengthThatIsOffIsRefused(int by) throws IOException {
        byte[] file = Files.readAllBytes(good.write(good.header, good.data));
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, good.dataAt - 8L + by);
        assertRefused(good.writeBytes(Forgery.checksummed(file)));
    }

    private JsonNode header() throws IOException {
        return JSON.readTree(good.header);
    }

    private List<String> tensors() throws IOException {
        List<String> names = header().properties().stream().map(Map.Entry::getKey)
                .filter(name -> !name.equals("__metadata__")).toList();
        assertTrue(names.size() >= 2, () -> "tensors: " + names);
        return names;
    }

    private ArrayNode operations() throws IOException {
        return (ArrayNode) JSON.readTree(header().get("__metadata__").get("operations").asText());
    }

    private String withOperations(ArrayNode operations) throws IOException {
        JsonNode header = header();
        ((ObjectNode) header.get("__metadata__")).put("operations", operations.toString());
        return header.toString();
    }

    private static ArrayNode array(JsonNode tensor, String field) {
        return (ArrayNode) tensor.get(field);
    }

    private void refuse(JsonNode header) throws IOException {
        assertRefused(good.write(header.toString(), good.data));
    }

    private void refuse(ArrayNode operations) throws IOException {
        assertRefused(good.write(withOperations(operations), good.data));
    }

    private void refuseAt(int at, byte[] data) throws IOException {
        String message = assertRefused(good.write(good.header, data));
        assertTrue(message.contains(": at byte " + (good.dataAt + at) + ": expected "), message);
    }
}
