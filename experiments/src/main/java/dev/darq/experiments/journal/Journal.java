package dev.darq.experiments.journal;

import dev.darq.quantizers.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What of a run is done, and what it needs to go on. A run that is taken up goes through the same code from its beginning:
 * what is done is skipped, what is held gets its state back, and the stage that was under way goes on behind its last
 * step. So there is one way through a run, whether it was interrupted or not.
 *
 * <p>
 * A checkpoint is written every so many steps, at the end of each stage, and when the run is asked to stop. Writing reads
 * the state only, so when it happens changes no result.
 */
public final class Journal implements RunParts {
    /** At most so much work is lost when epochs are long. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final CheckpointFolder folder;
    private final int everySteps;
    private final StopRequest stop;
    private final Map<String, State.Holder> held = new LinkedHashMap<>();
    private final Set<String> completed = new LinkedHashSet<>();
    private String scope = "";
    private @Nullable State resumed;
    private String underWay = "";
    private int stepsDone;
    private long written = System.nanoTime();

    /**
     * The journal of a new run.
     *
     * @param folder     where checkpoints go
     * @param everySteps steps between two checkpoints, or 0 for every epoch
     * @param stop       asked after every step and before every part
     */
    public Journal(CheckpointFolder folder, int everySteps, StopRequest stop) {
        this.folder = folder;
        this.everySteps = everySteps;
        this.stop = stop;
    }

    /**
     * Takes up the run that the newest good checkpoint belongs to.
     *
     * @param note hears of damaged ones
     * @throws ResumeException when there is none, or it comes from something else
     */
    public void resume(Consumer<String> note) throws IOException {
        State state = folder.newest(note);
        resumed = state;
        completed.addAll(Arrays.asList(state.text("completed").split("\n")));
        underWay = state.text("stage");
        stepsDone = Math.toIntExact(state.integer("steps"));
    }

    /** Whether a part of the run is done. */
    public boolean isDone(String part) {
        return completed.contains(scope + part);
    }

    @Override
    public void hold(String name, State.Holder holder) {
        String path = scope + name;
        held.put(path, holder);
        State state = resumed;
        if (state != null && state.under("held").has(path)) {
            holder.restore(state.under("held").under(path));
        }
    }

    @Override
    public void freeze(String name) {
        String path = scope + name;
        State frozen = new State();
        Objects.requireNonNull(held.get(path), path).save(frozen);
        held.put(path, new Frozen(frozen));
    }

    private record Frozen(State frozen) implements State.Holder {
        @Override
        public void save(State state) {
            state.putAll(frozen);
        }

        @Override
        public void restore(State state) {
            throw new IllegalStateException("what is frozen is not restored");
        }
    }

    /** No longer saves these. */
    public void release(String... names) {
        for (String name : names) {
            held.remove(scope + name);
        }
    }

    @Override
    public void once(String part, Action action) throws IOException {
        String path = scope + part;
        if (completed.contains(path)) {
            return;
        }
        // Asked before a part and not after it: a run that has done its last part has ended well.
        stopIfAsked("before '" + part + "'");
        String outer = scope;
        scope = path + "/";
        action.run();
        held.keySet().removeIf(name -> name.startsWith(path + "/"));
        completed.removeIf(done -> done.startsWith(path + "/"));
        scope = outer;
        completed.add(path);
        write("", 0, null);
    }

    @Override
    public int begin(String stage, int steps, State.Holder state) {
        String path = scope + stage;
        if (completed.contains(path)) {
            return steps;
        }
        State before = resumed;
        if (before == null || !path.equals(underWay)) {
            return 0;
        }
        state.restore(before.under("under-way"));
        return stepsDone;
    }

    @Override
    public void done(String stage, int step, boolean stageEnds, boolean epochEnds, State.Holder state) {
        boolean due = everySteps > 0 ? step % everySteps == 0 : epochEnds;
        if (stageEnds) {
            completed.add(scope + stage);
        }
        if (stageEnds || due || stop.signal() != 0 || System.nanoTime() - written > LONGEST.toNanos()) {
            write(stageEnds ? "" : scope + stage, stageEnds ? 0 : step, stageEnds ? null : state);
        }
        stopIfAsked("after step " + step + " of '" + stage + "'");
    }

    /**
     * Ends the run if that was asked for; in long work that is no training, and is begun again when the run is taken up.
     *
     * @param where completes "stopped"
     * @throws StoppedException when it was
     */
    public void stopIfAsked(String where) {
        int signal = stop.signal();
        if (signal != 0) {
            throw new StoppedException(signal, "stopped " + where);
        }
    }

    /** Saves the run before its first part, so that it can be taken up from the very beginning. */
    public void open() {
        if (resumed == null) {
            write("", 0, null);
        }
    }

    /** Leaves a last checkpoint of what is still held, and no other. */
    public void end() throws IOException {
        write("", 0, null);
        folder.keepOne();
    }

    private void write(String stage, int steps, State.@Nullable Holder stageState) {
        State state = new State();
        state.put("completed", String.join("\n", completed));
        state.put("stage", stage);
        state.put("steps", (long) steps);
        held.forEach((path, holder) -> holder.save(state.under("held").under(path)));
        if (stageState != null) {
            stageState.save(state.under("under-way"));
        }
        try {
            folder.write(state);
        } catch (IOException e) {
            throw new UncheckedIOException("no checkpoint could be written (" + e.getMessage()
                    + "); the last good one is " + folder.last(), e);
        }
        written = System.nanoTime();
    }
}
