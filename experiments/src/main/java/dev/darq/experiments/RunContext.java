package dev.darq.experiments;

import dev.darq.experiments.journal.StopRequest;
import java.nio.file.Path;

/**
 * Where a run takes place, and how it begins and may end.
 *
 * @param folder  the run folder: there, locked, and empty unless a run in it is taken up
 * @param resumes whether the run that this folder holds is taken up
 * @param stop    asked between steps
 */
public record RunContext(Path folder, boolean resumes, StopRequest stop) {
    /** A new run that is not stopped. */
    public static RunContext fresh(Path folder) {
        return new RunContext(folder, false, StopRequest.NEVER);
    }

    RunContext in(String name) {
        return new RunContext(folder.resolve(name), resumes, stop);
    }
}
