package dev.darq.kernels;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as maps, lists, strings and longs: all that the format uses. Anything else, a key given twice, depth without end or
 * text after the end is refused.
 */
final class JsonTree {
    private static final int DEEPEST = 8;
    private static final int LONGEST_NAME = 1000;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).maxNameLength(LONGEST_NAME)
                    .maxStringLength(ModelHeader.LONGEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from the file: keep them out of tables that outlive it.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Path path;
    private final long offset;

    private JsonTree(Path path, long offset) {
        this.path = path;
        this.offset = offset;
    }

    /**
     * Parses a text.
     *
     * @param path the file it is from, for messages
     * @param offset where in the file it begins, for messages
     */
    static Object parse(String text, Path path, long offset) throws PackedFormatException {
        return new JsonTree(path, offset).parse(text);
    }

    /** As above, from UTF-8. Decoded here, since the parser would pass over bytes that are none. */
    static Object parse(byte[] text, Path path, long offset) throws PackedFormatException {
        try {
            return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString(), path, offset);
        } catch (CharacterCodingException e) {
            throw new PackedFormatException(path, offset, "UTF-8", "other bytes: " + e.getMessage());
        }
    }

    private Object parse(String text) throws PackedFormatException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            Object value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw unexpected(parser, "the end of the JSON text");
            }
            return value;
        } catch (PackedFormatException e) {
            throw e;
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
            throw new PackedFormatException(path, offset + at, "well-formed JSON", e.getOriginalMessage());
        } catch (IOException e) {
            throw new PackedFormatException(path, offset, "well-formed JSON", String.valueOf(e.getMessage()));
        }
    }

    private Object value(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                map.put(name, value(parser, parser.nextToken()));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                list.add(value(parser, next));
            }
            return list;
        }
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        throw unexpected(parser, "a string, an integer, an array or an object");
    }

    private PackedFormatException unexpected(JsonParser parser, String expected) {
        long at = offset + Math.max(0, parser.currentTokenLocation().getCharOffset());
        JsonToken token = parser.currentToken();
        return new PackedFormatException(path, at, expected, token == null ? "the end" : token.toString());
    }
}
