package dev.darq.search;

import dev.darq.quantizers.State;

/**
 * Lets a stage of many steps be left between two of them and taken up again, to the bit. A stage's own state is its
 * optimizers, its position in the data and the like; the network is its owner's to save.
 */
public interface Checkpoints {
    /** Keeps nothing: every stage begins at its first step. */
    Checkpoints NONE = new Checkpoints() {
        @Override
        public int begin(String stage, int steps, State.Holder state) {
            return 0;
        }

        @Override
        public void done(String stage, int step, boolean stageEnds, boolean epochEnds, State.Holder state) {}
    };

    /**
     * Before a stage's first step: takes up the state of one that was left.
     *
     * @return steps that are done already, all of them if the stage was brought to its end
     */
    int begin(String stage, int steps, State.Holder state);

    /**
     * After each step; may save the state, and may end the stage by an exception.
     *
     * @param step      steps done in this stage, from 1
     * @param stageEnds whether this was the last step of the stage
     * @param epochEnds whether this was the last step of an epoch
     */
    void done(String stage, int step, boolean stageEnds, boolean epochEnds, State.Holder state);
}
