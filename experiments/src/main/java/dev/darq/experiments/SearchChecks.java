package dev.darq.experiments;

import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.latency.LatencyFile;
import dev.darq.experiments.report.Environment;
import dev.darq.kernels.KernelProvider;
import dev.darq.search.Budget;
import dev.darq.search.BudgetOutcome;
import dev.darq.search.CostModel;
import dev.darq.search.Discretisation;
import dev.darq.search.Latency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What can be said about a search's budgets before anything is trained. */
public final class SearchChecks {
    private SearchChecks() {}

    /**
     * Refuses budgets that every scheme exceeds, and latencies of another machine or other kernels.
     *
     * @return what the user should know of budgets that no scheme meets from close below, and of an old latency table
     */
    static List<String> check(ExperimentConfig config) {
        List<String> notes = new ArrayList<>();
        for (Budget budget : config.search().costs()) {
            notes.addAll(latency(config, budget.model(), "search.cost"));
        }
        try {
            notes.addAll(shortfalls(config));
        } catch (IllegalStateException e) {
            throw config.source().error("search.cost", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw config.source().error("layers", String.valueOf(e.getMessage()));
        }
        return notes;
    }

    /**
     * The budgets that no scheme meets from close below, a line each.
     *
     * @throws IllegalStateException when every scheme exceeds some budget
     */
    public static List<String> shortfalls(ExperimentConfig config) {
        return Discretisation.outlook(config.network().shapes(), config.layerSpaces(), config.search().costs()).stream()
                .filter(outcome -> !outcome.isMet()).map(BudgetOutcome::shortfall).toList();
    }

    /**
     * Refuses a latency table of another machine or other kernels.
     *
     * @param model any cost model
     * @param path  where the configuration names it
     * @return a note on an old table, or nothing
     */
    public static List<String> latency(ExperimentConfig config, CostModel model, String path) {
        if (!(model instanceof Latency latency)) {
            return List.of();
        }
        LatencyFile file;
        try {
            file = LatencyFile.read(Path.of(latency.file()));
        } catch (IOException | IllegalArgumentException e) {
            throw config.source().error(path, latency.file() + ": " + e.getMessage());
        }
        Environment here = Environment.current(KernelProvider.get().name(), config.threads());
        String strange = file.strangeTo(here);
        if (strange != null) {
            throw config.source().error(path,
                    latency.file() + ": " + strange + "; run 'darq calibrate' here");
        }
        String age = file.ageTo(here);
        return age == null ? List.of() : List.of(latency.file() + ": " + age + "; its latencies may have changed");
    }
}
