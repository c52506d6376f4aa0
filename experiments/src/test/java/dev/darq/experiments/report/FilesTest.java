package dev.darq.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.darq.kernels.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
    @TempDir
    private Path folder;

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    @Test
    void aFileIsReplacedAndNothingElseStays() throws IOException {
        Path file = folder.resolve("a.md");
        AtomicFile.write(file, "old");
        AtomicFile.write(file, "gr\u00fc\u00dfe");
        assertEquals("gr\u00fc\u00dfe", Files.readString(file));
        assertEquals(List.of(file), entries());
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path occupied = Files.createDirectories(folder.resolve("a.md/child")).getParent();
        assertThrows(IOException.class, () -> AtomicFile.write(folder.resolve("a.md"), "new"));
        assertThrows(IOException.class, () -> AtomicFile.write(folder.resolve("none/a.md"), "new"));
        assertEquals(List.of(folder.resolve("a.md")), entries());
        assertTrue(Files.isDirectory(folder.resolve("a.md/child")), String.valueOf(occupied));
    }

    @Test
    void theEnvironmentKnowsWhatRan() throws IOException {
        Environment environment = Environment.current("vector-512", 2);
        JsonNode json = new ObjectMapper().readTree(environment.toJson());
        assertEquals("vector-512", json.get("provider").asText());
        assertEquals(2, json.get("threads").asInt());
        assertEquals(System.getProperty("java.version"), json.get("java").asText());
        assertTrue(json.get("cores").asInt() > 0);
        assertTrue(json.get("darq").asText().matches("\\d+\\.\\d+\\.\\d+.*"), json.toString());
        assertTrue(json.get("djl").asText().matches("\\d+\\.\\d+\\.\\d+"), json.toString());
        assertTrue(json.get("pytorch").asText().matches("\\d+\\.\\d+\\.\\d+"), json.toString());
        assertNotEquals("", json.get("cpu").asText());
    }
}
