package dev.darq.kernels;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** What is special to the header of a packed model file. FORMAT.md describes it. */
final class ModelHeader {
    /** The first version, which is read and not written; FORMAT.md says what differs. */
    static final String FIRST_VERSION = "1";
    static final ContainerFormat FORMAT = new ContainerFormat("darq", List.of("2", FIRST_VERSION));
    static final String BLANK_CHECKSUM = "00000000";
    static final int LENGTH_BYTES = Long.BYTES;
    /** No honest model needs more, and a hostile one shall not make the reader build a larger tree. */
    static final int LONGEST = 16 << 20;
    /** The tensors begin at a multiple of this. */
    static final int ALIGNMENT = 64;
    /** Keys of the user's metadata carry this prefix, so that they cannot clash with the format's own. */
    static final String USER_PREFIX = "user.";

    private ModelHeader() {}

    /** What stands in a model's metadata beside format, version and checksum. */
    static SequencedMap<String, String> metadata(PackedModel model) throws IOException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("operations", operations(model.operations()));
        model.metadata().forEach((key, value) -> metadata.put(USER_PREFIX + key, value));
        return metadata;
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
