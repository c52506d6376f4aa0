package dev.darq.experiments.pareto;

import dev.darq.experiments.SearchChecks;
import dev.darq.experiments.config.ParetoConfig;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Tables;
import dev.darq.kernels.AtomicFile;
import dev.darq.kernels.KernelProvider;
import dev.darq.search.SearchSpace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The comparison of searched schemes with baselines that are trained by the same code for as many epochs. What a run
 * folder holds already is not trained again.
 */
public final class Pareto {
    private Pareto() {}

    /**
     * Begins a run folder, or goes on in one.
     *
     * @param configs the same configuration, a seed each
     */
    public static void begin(List<ParetoConfig> configs, Path folder) throws IOException {
        ParetoConfig config = configs.getFirst();
        AtomicFile.write(folder.resolve("config.yaml"), config.toYaml());
        AtomicFile.write(folder.resolve("environment.json"), Environment
                .current(KernelProvider.get().name(), config.experiment().threads()).toJson());
    }

    /**
     * Trains what is not there yet, side by side with other processes that do the same, and returns when all is there.
     *
     * @param configs the same configuration, a seed each
     */
    public static void work(List<ParetoConfig> configs, DataSet data, Path folder, PrintWriter out)
            throws IOException {
        new ParetoWork(configs, data, new ParetoFolder(folder), out).finish();
    }

    /** Writes tables, plots and the verdict of a folder where everything is there, and prints the essence. */
    public static void report(List<ParetoConfig> configs, Path folder, PrintWriter out) throws IOException {
        Points points = Points.read(configs, new ParetoFolder(folder));
        List<Group> groups = Group.of(points.points());
        AtomicFile.write(folder.resolve("points.csv"), points.table().toCsv());
        Tables.write(points.summary(true), folder, "pareto");
        ParetoPlot plot = new ParetoPlot(groups);
        for (String problem : List.of(
                plot.write("bit operations", Point::bitOperations, folder.resolve("accuracy-bit-operations.png")),
                plot.write("bytes of the weights", Point::bytes, folder.resolve("accuracy-bytes.png")))) {
            if (!problem.isEmpty()) {
                out.println(problem);
            }
        }
        Verdict verdict = Verdict.of(points.points(), configs.getFirst());
        List<String> notes = Stream.concat(outOfReach(configs.getFirst()).stream(), points.notes().stream()).toList();
        AtomicFile.write(folder.resolve("verdict.md"), text(verdict, notes, configs.size()));
        AtomicFile.write(folder.resolve("verdict.csv"), verdict.table().toCsv());
        out.println("\n" + points.summary(false).toMarkdown() + "\n" + verdict.summary().toMarkdown());
        notes.forEach(out::println);
        out.println("Written to " + folder + "; verdict.md has the figures behind each claim");
        out.flush();
    }

    /** The budgets that no scheme of the space or of a subspace meets from close below, a line each. */
    public static List<String> outOfReach(ParetoConfig config) {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i <= config.pareto().subspaces().size(); i++) {
            SearchSpace space = i == 0 ? config.experiment().space() : config.pareto().subspaces().get(i - 1);
            for (double budget : config.pareto().budgets()) {
                for (String shortfall : SearchChecks.shortfalls(config.at(budget, space))) {
                    notes.add((i == 0 ? "" : "Subspace " + i + ": ") + shortfall);
                }
            }
        }
        return notes;
    }

    private static String text(Verdict verdict, List<String> notes, int seeds) {
        return String.format(Locale.ROOT, """
                # Verdict

                Means over %d seed%s. Differences of accuracies are in points of a percent; noise is twice the standard
                error of the mean difference between networks of the same seed.

                %s
                %s%s""", seeds, seeds == 1 ? "" : "s", verdict.summary().toMarkdown(),
                verdict.table().toMarkdown(), notes.isEmpty() ? "" : "\n" + String.join("\n", notes) + "\n");
    }
}
