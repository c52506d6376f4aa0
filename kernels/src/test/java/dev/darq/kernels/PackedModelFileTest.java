package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedModelFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    static Stream<PackedModel> models() {
        return TestModels.several();
    }

    @ParameterizedTest
    @MethodSource("models")
    void aLoadedModelComputesWhatTheSavedOneDid(PackedModel model) throws IOException {
        Path path = directory.resolve("model.darq");
        model.save(path);
        PackedModel loaded = PackedModel.load(path);
        assertArrayEquals(TestModels.run(model), TestModels.run(loaded));
        assertEquals(model.metadata(), loaded.metadata());
        assertEquals(model.operations().stream().map(Operation::name).toList(),
                loaded.operations().stream().map(Operation::name).toList());
    }

    @ParameterizedTest
    @MethodSource("models")
    void savingWhatWasLoadedGivesTheSameBytes(PackedModel model) throws IOException {
        Path first = directory.resolve("first.darq");
        Path second = directory.resolve("second.darq");
        model.save(first);
        PackedModel.load(first).save(second);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    /** Whatever a model may be called, the file holds. */
    @ParameterizedTest
    @ValueSource(strings = {"__metadata__", "a.weight", "\"\\/\b\n\u0000", "\u2713\uD83D\uDE00", " ", "user.x"})
    void strangeNamesAndTextsComeBackAsTheyWere(String text) throws IOException {
        Linear first = TestModels.binary(new Random(1), text, 2, 2, 1, new FloatActivation(32));
        String longest = text + "x".repeat(Operation.LONGEST_NAME - text.length());
        Linear second = new Linear(longest, first.weights(), first.input(), first.bias());
        Map<String, String> metadata = Map.of(text, text.repeat(10_000), longest, "", "", text);
        Path path = directory.resolve("model.darq");
        new PackedModel(List.of(first, second), metadata).save(path);
        PackedModel loaded = PackedModel.load(path);
        assertEquals(List.of(text, longest), loaded.operations().stream().map(Operation::name).toList());
        assertEquals(metadata, loaded.metadata());
    }

    /** To renew it after a new version: save TestModels.everyKind() beside it, under the new version's name. */
    @Test
    void theGoldenFileOfThisVersionStaysReadableAndIsWhatIsWritten() throws IOException {
        Path path = golden("version-2.darq");
        byte[] golden = Files.readAllBytes(path);
        assertArrayEquals(TestModels.run(TestModels.everyKind()), TestModels.run(PackedModel.load(path)));
        TestModels.everyKind().save(path);
        assertArrayEquals(golden, Files.readAllBytes(path));
    }

    @Test
    void theGoldenFileOfVersionOneStaysReadableAndIsSavedInThisVersion() throws IOException {
        Path path = golden("version-1.darq");
        PackedModel model = PackedModel.load(path);
        assertArrayEquals(TestModels.run(TestModels.everyKind()), TestModels.run(model));
        model.save(path);
        assertArrayEquals(Files.readAllBytes(golden("version-2.darq")), Files.readAllBytes(path));
    }

    private Path golden(String name) throws IOException {
        Path path = directory.resolve("golden-" + name);
        try (InputStream stream = PackedModelFileTest.class.getResourceAsStream(name)) {
            Files.write(path, Objects.requireNonNull(stream).readAllBytes());
        }
        return path;
    }

    @Test
    void tensorsBeginAlignedAndTheHeaderIsJsonWithFixedFirstFields() throws IOException {
        Path path = directory.resolve("model.darq");
        TestModels.tiny().save(path);
        byte[] bytes = Files.readAllBytes(path);
        int length = bytes[0] & 0xFF | (bytes[1] & 0xFF) << 8;
        assertEquals(0, (8 + length) % 64);
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
        assertTrue(header.startsWith("{\"__metadata__\":{\"format\":\"darq\",\"version\":\"2\",\"checksum\":\""),
                header);
        assertTrue(
                header.contains("\"fc.weight.planes\":{\"dtype\":\"U8\",\"shape\":[2,2,1],\"data_offsets\":[40,44]}"),
                header);
    }

    @Test
    void aThreeBitMnistNetworkTakesLessThanAnEighthOfFloat32() throws IOException {
        Random random = new Random(1);
        ActivationCode input = new LevelActivation(new float[] {1, 2, 4}, 0);
        PackedModel model = new PackedModel(List.of(TestModels.binary(random, "fc1", 256, 784, 3, input),
                new Activation("tanh", ActivationFunction.TANH), TestModels.binary(random, "fc2", 10, 256, 3, input)),
                Map.of());
        Path path = directory.resolve("mnist.darq");
        model.save(path);
        assertTrue(Files.size(path) < 4 * (784 * 256 + 256 * 10) / 8, "bytes: " + Files.size(path));
    }

    @Test
    void savingReplacesTheFileAndLeavesNothingElse() throws IOException {
        Path path = directory.resolve("model.darq");
        TestModels.tiny().save(path);
        TestModels.everyKind().save(path);
        assertEquals(70, PackedModel.load(path).inputs());
        assertEquals(List.of(path), list());
    }

    @Test
    void aFailedSaveLeavesNothingBehind() throws IOException {
        Path occupied = Files.createDirectories(directory.resolve("model.darq").resolve("inside")).getParent();
        assertThrows(IOException.class, () -> TestModels.tiny().save(Objects.requireNonNull(occupied)));
        assertEquals(List.of(Objects.requireNonNull(occupied)), list());
        assertThrows(IOException.class, () -> TestModels.tiny().save(directory.resolve("absent").resolve("m.darq")));
    }

    @Test
    void anAbsentFileIsAbsentAndADirectoryIsNoModel() {
        assertThrows(NoSuchFileException.class, () -> PackedModel.load(directory.resolve("absent.darq")));
        assertThrows(PackedFormatException.class, () -> PackedModel.load(directory));
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
