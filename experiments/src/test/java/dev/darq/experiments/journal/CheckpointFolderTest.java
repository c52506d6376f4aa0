package dev.darq.experiments.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.kernels.Disk;
import dev.darq.quantizers.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFolderTest {
    @TempDir
    private Path run;

    private final List<String> notes = new ArrayList<>();

    private CheckpointFolder folder() {
        return new CheckpointFolder(run, Map.of("configuration", "a: 1\nb: 2\n"));
    }

    private static State state(long value) {
        State state = new State();
        state.put("value", value);
        return state;
    }

    private long newest() throws IOException {
        return folder().newest(notes::add).integer("value");
    }

    private String refusal(CheckpointFolder folder) {
        return String.valueOf(
                assertThrows(ResumeException.class, () -> folder.newest(notes::add)).getMessage());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    @AfterEach
    void letTheDiskWork() {
        Disk.works();
    }

    private void write(long... values) throws IOException {
        CheckpointFolder folder = folder();
        for (long value : values) {
            folder.write(state(value));
        }
    }

    private void damage(String file) throws IOException {
        Path path = run.resolve("checkpoints").resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length - 3] ^= 4;
        Files.write(path, bytes);
    }

    @Test
    void theLastTwoAreKept() throws IOException {
        write(1, 2, 3);
        assertEquals(List.of("00000002.safetensors", "00000003.safetensors"), files());
        assertEquals(3, newest());
        assertEquals(List.of(), notes);
    }

    @Test
    void aDamagedOneFallsBackToTheOneBeforeAndSaysSo() throws IOException {
        write(1, 2, 3);
        damage("00000003.safetensors");
        CheckpointFolder folder = folder();
        assertEquals(2, folder.newest(notes::add).integer("value"));
        assertEquals(1, notes.size());
        assertTrue(notes.getFirst().contains("00000003.safetensors: at byte "), notes.getFirst());
        folder.write(state(4));
        assertEquals(List.of("00000002.safetensors", "00000004.safetensors"), files(), "two good ones are kept");
        assertEquals(4, newest());
    }

    @Test
    void withoutAGoodOneThereIsNothingToResume() throws IOException {
        assertTrue(refusal(folder()).contains("has no checkpoint"));
        write(1, 2);
        damage("00000001.safetensors");
        damage("00000002.safetensors");
        assertTrue(refusal(folder())
                .contains("all 2 checkpoints are damaged"));
    }

    @Test
    void oneOfAnotherConfigurationIsRefusedWithTheDifference() throws IOException {
        write(1);
        CheckpointFolder other = new CheckpointFolder(run, Map.of("configuration", "a: 1\nb: 3\n"));
        String message = refusal(other);
        assertTrue(message.endsWith("is of another configuration: 'b: 2' there, 'b: 3' here"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"written", "forced"})
    void aFullDiskLeavesTheOldOnesIntact(String step) throws IOException {
        CheckpointFolder folder = folder();
        folder.write(state(1));
        folder.write(state(2));
        Disk.at(step, "checkpoints", 1, () -> {
            throw new IOException("No space left on device");
        });
        assertThrows(IOException.class, () -> folder.write(state(3)));
        assertEquals(List.of("00000001.safetensors", "00000002.safetensors"), files());
        assertEquals(2, newest());
        folder.write(state(4));
        assertEquals(4, newest());
    }
}
