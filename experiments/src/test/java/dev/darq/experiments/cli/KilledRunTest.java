package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes killed at named points of writing a file and at random moments, in a loop: whatever has its name is whole, and
 * the run ends as one that was left alone. {@code -Pkill-loop} kills more often.
 */
class KilledRunTest {
    private static final int KILLED = 137;
    private static final int KILLS = Integer.getInteger("darq.kills", 3);
    private static final List<String> STEPS = List.of("written", "forced", "renamed");
    private static final List<String> FILES = List.of("checkpoints", "metrics.csv", "model.darq", "checkpoints");

    @TempDir
    private static Path shared;

    @Test
    void killedAgainAndAgainItEndsTheSame() throws IOException, InterruptedException {
        ChildRun child = new ChildRun(shared);
        long start = System.nanoTime();
        Path expected = child.undisturbed("undisturbed");
        long wholeMillis = (System.nanoTime() - start) / 1_000_000;
        Random random = new Random(KILLS);
        int kills = 0;
        int runs = 0;
        while (kills < KILLS) {
            runs++;
            Path run = shared.resolve("run" + runs);
            boolean ended = false;
            // Some runs die often, others are brought to their end in between: so that all stages see a kill.
            while (kills < KILLS && !ended) {
                int status = kills % 2 == 0
                        ? killedAtAPoint(child, run, kills / 2, random)
                        : killedAtRandom(child, run,
                                random.nextLong(wholeMillis / 4, wholeMillis));
                ended = status == 0;
                assertTrue(ended || status == KILLED, () -> "ended with " + status + ", see what " + run + ".txt says");
                kills += ended ? 0 : 1;
                ChildRun.assertPublishedFilesAreWhole(run);
            }
            if (!ended) {
                assertEquals(0, child.start(run, ChildRun.hasBegun(run)).waitFor(), ChildRun.said(run));
            }
            ChildRun.assertPublishedFilesAreWhole(run);
            ChildRun.assertSameResults(expected, run);
        }
        System.out.println(kills + " kills of " + runs + " runs, each ended like the undisturbed one");
    }

    private static int killedAtAPoint(ChildRun child, Path run, int number, Random random)
            throws IOException, InterruptedException {
        String file = FILES.get(number % FILES.size());
        int time = switch (file) {
            case "checkpoints" -> 1 + random.nextInt(40);
            case "metrics.csv" -> 1 + random.nextInt(2);
            default -> 1;
        };
        List<String> death = List.of(STEPS.get(number % STEPS.size()), file, Integer.toString(time));
        return child.start(run, ChildRun.hasBegun(run), death, "").waitFor();
    }

    private static int killedAtRandom(ChildRun child, Path run, long millis) throws IOException, InterruptedException {
        Process process = child.start(run, ChildRun.hasBegun(run));
        if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    /** A limit on the size of files refuses writes in the middle, as a full disk does. */
    @Test
    void aDiskThatIsReallyFullLeavesWhatThereIs() throws IOException, InterruptedException {
        ChildRun child = new ChildRun(Files.createDirectory(shared.resolve("full")));
        Path run = shared.resolve("full/run");
        // In units of 1,024 bytes: enough for the first checkpoint, which has no network in it, and for no other.
        assertEquals(1, child.start(run, false, List.of("never", "-", "0"), "ulimit -f 8; ").waitFor(),
                ChildRun.said(run));
        assertTrue(ChildRun.said(run).contains("no checkpoint could be written"), ChildRun.said(run));
        ChildRun.assertPublishedFilesAreWhole(run);
        assertEquals(0, child.start(run, true).waitFor(), ChildRun.said(run));
    }
}
