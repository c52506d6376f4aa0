package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

    @TempDir
    private Path folder;

    private String refused(Path wanted) {
        return String.valueOf(
                assertThrows(UsageException.class, () -> RunFolder.create(wanted, folder, "x", NOW)).getMessage());
    }

    @Test
    void aFolderInUseIsRefusedUntilItsRunEnds() throws IOException {
        Path wanted = folder.resolve("run");
        try (RunFolder first = RunFolder.create(wanted, folder, "x", NOW)) {
            assertEquals(wanted, first.path());
            assertEquals("--run " + wanted + ": is in use by another run (process " + ProcessHandle.current().pid()
                    + ")", refused(wanted));
            assertThrows(UsageException.class, () -> RunFolder.reopen(wanted));
        }
        RunFolder.reopen(wanted).close();
        RunFolder.create(wanted, folder, "x", NOW).close();
    }

    @Test
    void aFolderThatIsNotEmptyIsRefused() throws IOException {
        Path wanted = Files.createDirectory(folder.resolve("run"));
        Files.writeString(wanted.resolve("notes.txt"), "mine");
        assertTrue(refused(wanted).endsWith("is not empty, expected a folder that is new or empty"));
    }

    @Test
    void runsOfTheSameSecondGetFoldersOfTheirOwn() throws IOException {
        try (RunFolder first = RunFolder.create(null, folder, "x", NOW);
                RunFolder second = RunFolder.create(null, folder, "x", NOW)) {
            assertEquals(folder.resolve("x-20260102-030405"), first.path());
            assertEquals(folder.resolve("x-20260102-030405-2"), second.path());
        }
    }

    @Test
    void whatIsToBeResumedMustBeNamedAndThere() {
        assertEquals("--resume needs the folder of the run, --run DIR",
                assertThrows(UsageException.class, () -> RunFolder.reopen(null)).getMessage());
        assertTrue(String.valueOf(assertThrows(UsageException.class, () -> RunFolder.reopen(folder.resolve("none")))
                .getMessage()).endsWith("no such folder, so there is nothing to resume"));
    }
}
