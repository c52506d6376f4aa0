package dev.darq.experiments.journal;

import dev.darq.kernels.PackedFormatException;
import dev.darq.kernels.TensorFile;
import dev.darq.quantizers.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a run, the last two of them: should the newest be damaged, the one before is there. Each is a
 * safetensors file with a checksum that says from which configuration and data it comes.
 */
public final class CheckpointFolder {
    /** The name of this folder in the run folder. */
    public static final String NAME = "checkpoints";

    private static final String FORMAT = "darq-checkpoint";
    private static final int VERSION = 1;
    private static final Pattern FILE = Pattern.compile("\\d{8}\\.safetensors");
    private static final String ORIGIN = "origin/";

    private final Path folder;
    private final Map<String, String> origin;
    private long number;
    private @Nullable Path good;

    /**
     * The checkpoints of a run.
     *
     * @param run    the run folder
     * @param origin what a checkpoint must come from, texts of several lines by what they are, for people
     */
    public CheckpointFolder(Path run, Map<String, String> origin) {
        this.folder = run.resolve(NAME);
        this.origin = Map.copyOf(origin);
    }

    /** Whether a run folder has a checkpoint, good or not. */
    public static boolean isIn(Path run) throws IOException {
        return !files(run.resolve(NAME)).isEmpty();
    }

    /** The checkpoints, the oldest first. */
    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> FILE.matcher(String.valueOf(file.getFileName())).matches()).sorted().toList();
        }
    }

    /** The last good checkpoint, for a person. */
    public String last() {
        return good == null ? "none" : good.toString();
    }

    /**
     * Writes a checkpoint and removes what is older than the one before.
     *
     * @throws IOException when the disk refuses; the checkpoints are then what they were
     */
    public void write(State state) throws IOException {
        Files.createDirectories(folder);
        number++;
        Path file = folder.resolve(String.format(Locale.ROOT, "%08d.safetensors", number));
        Map<String, String> texts = new HashMap<>(state.texts());
        origin.forEach((what, text) -> texts.put(ORIGIN + what, text));
        new TensorFile(texts, state.arrays()).save(file, FORMAT, VERSION);
        for (Path other : files(folder)) {
            // A damaged one is not counted: two good ones are kept.
            if (!other.equals(file) && !other.equals(good)) {
                Files.delete(other);
            }
        }
        good = file;
    }

    /** Removes all but the last checkpoint. */
    public void keepOne() throws IOException {
        for (Path file : files(folder)) {
            if (!file.equals(good)) {
                Files.delete(file);
            }
        }
    }

    /**
     * Reads the newest checkpoint that is not damaged.
     *
     * @param note hears of those that are
     * @throws ResumeException when there is none, or it comes from something else
     */
    public State newest(Consumer<String> note) throws IOException {
        List<Path> files = files(folder).reversed();
        for (Path file : files) {
            number = Math.max(number, Long.parseLong(String.valueOf(file.getFileName()).substring(0, 8)));
            try {
                TensorFile content = TensorFile.load(file, FORMAT, VERSION);
                checkOrigin(file, content.texts());
                good = file;
                return new State(content.arrays(), content.texts());
            } catch (PackedFormatException e) {
                note.accept("A checkpoint is damaged, the one before it is taken: " + e.getMessage());
            }
        }
        throw new ResumeException(files.isEmpty()
                ? folder + ": has no checkpoint, so there is nothing to resume"
                : folder + ": all " + files.size() + " checkpoints are damaged; start anew in another folder");
    }

    private void checkOrigin(Path file, Map<String, String> texts) {
        origin.forEach((what, expected) -> {
            String actual = texts.getOrDefault(ORIGIN + what, "");
            if (!actual.equals(expected)) {
                throw new ResumeException(
                        file + ": is of another " + what + ": " + difference(actual, expected));
            }
        });
    }

    /** The first line in which two texts differ. */
    private static String difference(String there, String here) {
        List<String> theirs = there.lines().toList();
        List<String> ours = here.lines().toList();
        int line = 0;
        while (line < theirs.size() && line < ours.size() && theirs.get(line).equals(ours.get(line))) {
            line++;
        }
        return "'" + (line < theirs.size() ? theirs.get(line).strip() : "") + "' there, '"
                + (line < ours.size() ? ours.get(line).strip() : "") + "' here";
    }
}
