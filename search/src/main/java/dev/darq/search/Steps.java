package dev.darq.search;

import dev.darq.quantizers.State;
import java.util.LinkedHashMap;
import java.util.Map;

/** The steps of one stage of training: where they begin, what is checked around each, and what is saved with them. */
final class Steps implements State.Holder {
    /** Does a step, counted from 0. */
    @FunctionalInterface
    interface Step {
        void run(int step);
    }

    private final String stage;
    private final int count;
    private final int perEpoch;
    private final FiniteCheck check;
    private final Checkpoints checkpoints;
    private int at;
    private boolean stopped;
    private final Map<String, State.Holder> parts = new LinkedHashMap<>();

    Steps(String stage, int epochs, int perEpoch, Network network, Checkpoints checkpoints) {
        this.stage = stage;
        this.count = epochs * perEpoch;
        this.perEpoch = perEpoch;
        this.check = new FiniteCheck(stage, network);
        this.checkpoints = checkpoints;
    }

    /** Saves this as well with the stage. */
    Steps with(String name, State.Holder part) {
        parts.put(name, part);
        return this;
    }

    int count() {
        return count;
    }

    FiniteCheck check() {
        return check;
    }

    void run(Step body) {
        at = checkpoints.begin(stage, count, this);
        while (at < count && !stopped) {
            check.values(at + 1);
            body.run(at++);
            boolean ends = at == count || stopped;
            if (ends) {
                check.values(at);
            }
            checkpoints.done(stage, at, ends, at % perEpoch == 0, this);
        }
    }

    /** The step under way is the last one. */
    void stop() {
        stopped = true;
    }

    /** A state with a value that is not finite is none to go on from. */
    @Override
    public void save(State state) {
        check.values(at);
        parts.forEach((name, part) -> part.save(state.under(name)));
    }

    @Override
    public void restore(State state) {
        parts.forEach((name, part) -> part.restore(state.under(name)));
    }
}
