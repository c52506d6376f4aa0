package dev.darq.experiments.journal;

import dev.darq.quantizers.State;
import dev.darq.search.Checkpoints;
import java.io.IOException;

/** The parts of a run, and what is saved between them. */
public interface RunParts extends Checkpoints {
    /** Does every part and saves nothing. */
    RunParts UNSAVED = new RunParts() {
        @Override
        public void once(String part, Action action) throws IOException {
            action.run();
        }

        @Override
        public void hold(String name, State.Holder holder) {}

        @Override
        public void freeze(String name) {}

        @Override
        public int begin(String stage, int steps, State.Holder state) {
            return NONE.begin(stage, steps, state);
        }

        @Override
        public void done(String stage, int step, boolean stageEnds, boolean epochEnds, State.Holder state) {}
    };

    /** A part of a run. */
    @FunctionalInterface
    interface Action {
        /** Does it. */
        void run() throws IOException;
    }

    /** Does a part of the run, unless it is done. Parts may have parts. */
    void once(String part, Action action) throws IOException;

    /**
     * From now on saves something with every checkpoint, until the part of the run in which this is said is done; gives it
     * back the state that it had, if the run is taken up.
     */
    void hold(String name, State.Holder holder);

    /** From now on saves what is held as it is now, whatever becomes of it. */
    void freeze(String name);
}
