package dev.darq.kernels;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The JSON header of a packed model file: what its bytes are, and how they are made. FORMAT.md describes it. */
final class ModelHeader {
    static final String VERSION = "2";
    /** Read, not written. FORMAT.md says what differs. */
    static final String FIRST_VERSION = "1";
    /** Every file begins with these bytes after the header's length, so that version and checksum sit at fixed places. */
    static final String BEFORE_VERSION = "{\"__metadata__\":{\"format\":\"darq\",\"version\":\"";
    private static final String AFTER_VERSION = "\",\"checksum\":\"";
    static final String BLANK_CHECKSUM = "00000000";
    static final int LENGTH_BYTES = Long.BYTES;
    static final int CHECKSUM_AT = LENGTH_BYTES + beforeChecksum(VERSION).length();
    /** No honest model needs more, and a hostile one shall not make the reader build a larger tree. */
    static final int LONGEST = 16 << 20;
    /** The tensors begin at a multiple of this. */
    static final int ALIGNMENT = 64;
    /** Keys of the user's metadata carry this prefix, so that they cannot clash with the format's own. */
    static final String USER_PREFIX = "user.";

    private ModelHeader() {}

    static String beforeChecksum(String version) {
        return BEFORE_VERSION + version + AFTER_VERSION;
    }

    /** The header's bytes with a blank checksum, padded with spaces so that the tensors begin aligned. */
    static byte[] write(PackedModel model, List<StoredTensor> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart("__metadata__");
            json.writeStringField("format", "darq");
            json.writeStringField("version", VERSION);
            json.writeStringField("checksum", BLANK_CHECKSUM);
            json.writeStringField("operations", operations(model.operations()));
            for (Map.Entry<String, String> entry : model.metadata().entrySet()) {
                json.writeStringField(USER_PREFIX + entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            long at = 0;
            for (StoredTensor tensor : tensors) {
                at = writeTensor(json, tensor, at);
            }
            json.writeEndObject();
        }
        if (bytes.size() > LONGEST - ALIGNMENT) {
            throw new IOException("the header of a packed model holds at most " + LONGEST + " bytes, this one needs "
                    + bytes.size());
        }
        int length = Math.ceilDiv(LENGTH_BYTES + bytes.size(), ALIGNMENT) * ALIGNMENT - LENGTH_BYTES;
        byte[] padded = Arrays.copyOf(bytes.toByteArray(), length);
        Arrays.fill(padded, bytes.size(), length, (byte) ' ');
        return padded;
    }

    private static long writeTensor(JsonGenerator json, StoredTensor tensor, long at) throws IOException {
        long end = Math.addExact(at, tensor.bytes());
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.type().name());
        json.writeArrayFieldStart("shape");
        for (long dimension : tensor.shape()) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(at);
        json.writeNumber(end);
        json.writeEndArray();
        json.writeEndObject();
        return end;
    }

    /** The operations as the JSON text that {@link OperationReader} reads. */
    private static String operations(List<Operation> operations) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (Operation operation : operations) {
                json.writeStartObject();
                switch (operation) {
                    case Linear linear -> writeLinear(json, linear);
                    case Activation activation -> {
                        json.writeStringField("type", "activation");
                        json.writeStringField("name", activation.name());
                        json.writeStringField("function", activation.function().name().toLowerCase(Locale.ROOT));
                    }
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void writeLinear(JsonGenerator json, Linear linear) throws IOException {
        json.writeStringField("type", "linear");
        json.writeStringField("name", linear.name());
        json.writeNumberField("rows", linear.weights().rows());
        json.writeNumberField("columns", linear.weights().columns());
        json.writeStringField("weights", kind(linear.weights()));
        json.writeNumberField("weight_bits", linear.weights().bits());
        if (linear.weights() instanceof GroupedWeights grouped) {
            json.writeNumberField("group", grouped.groupSize());
        }
        json.writeStringField("input", switch (linear.input()) {
            case LevelActivation _ -> "level";
            case UniformActivation _ -> "uniform";
            case TokenActivation _ -> "token";
            case FloatActivation _ -> "float";
        });
        json.writeNumberField("input_bits", linear.input().bits());
        if (linear.input() instanceof UniformActivation uniform) {
            json.writeNumberField("lowest", uniform.lowest());
            json.writeNumberField("highest", uniform.highest());
        }
    }

    private static String kind(WeightCode weights) {
        return switch (weights) {
            case BinaryCode _ -> "binary";
            case IntegerWeights _ -> "integer";
            case FloatWeights _ -> "float";
            case GroupedWeights grouped -> kind(grouped.groups());
        };
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
