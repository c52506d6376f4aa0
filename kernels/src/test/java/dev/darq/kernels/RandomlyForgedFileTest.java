package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random changes, a thousand in all, under a right checksum: refused in the one known way, or a model like any other. */
class RandomlyForgedFileTest {
    private static final int FILES = 120;
    private static final Pattern TOKEN = Pattern.compile("-?\\d+|[A-Za-z0-9_.]+|[\\[\\]{}:,\"\\\\]");
    private static final List<String> WORDS = List.of("-1", "0", "1", "2", "3", "4", "8", "9", "16", "17", "64", "65",
            "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808",
            "-9223372036854775808", "1e999", "0.5", "null", "true", "", "\\u0000", "\\uD800", "binary", "level",
            "float",
            "uniform", "integer", "F32", "F16", "I16", "U8", "[", "]", "{", "}", "\"", "\\", ",", ":");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    static Stream<PackedModel> models() {
        return TestModels.several();
    }

    @ParameterizedTest
    @MethodSource("models")
    void nothingButTheOneExceptionEscapes(PackedModel model) throws IOException {
        Forgery good = Forgery.of(model, directory);
        List<MatchResult> tokens = TOKEN.matcher(good.header).results().toList();
        Random random = new Random(21);
        int loaded = 0;
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            String header = i % 3 == 0
                    ? good.header
                    : changed(good.header, tokens.get(random.nextInt(tokens.size())),
                            WORDS.get(random.nextInt(WORDS.size())));
            byte[] data = good.data;
            if (i % 3 != 1) {
                data = good.with(random.nextInt(data.length), random.nextInt());
            }
            Path path = good.write(header, data);
            try {
                savedAgainItStaysTheSame(PackedModel.load(path));
                loaded++;
            } catch (PackedFormatException e) {
                Forgery.assertRefused(path);
                refused++;
            }
        }
        assertTrue(loaded > 0 && refused > 0, "loaded " + loaded + ", refused " + refused);
    }

    private static String changed(String header, MatchResult token, String word) {
        return header.substring(0, token.start()) + word + header.substring(token.end());
    }

    private void savedAgainItStaysTheSame(PackedModel model) throws IOException {
        Path first = directory.resolve("first.darq");
        Path second = directory.resolve("second.darq");
        model.save(first);
        PackedModel.load(first).save(second);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }
}
