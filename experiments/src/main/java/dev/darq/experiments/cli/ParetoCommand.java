package dev.darq.experiments.cli;

import dev.darq.experiments.SearchChecks;
import dev.darq.experiments.config.ParetoConfig;
import dev.darq.experiments.data.DataCache;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.pareto.Pareto;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darq pareto}. */
@Command(name = "pareto", description = {"Compares searched schemes with baselines at several budgets.", "",
        "Searches at each budget of the configuration's section 'pareto', and trains for as many epochs the schemes",
        "to compare with: all layers alike, random ones of the same cost, the choice of an integer program over",
        "second-order sensitivities, of a greedy bit descent, or simply every scheme of a small space. The run folder",
        "gets pareto.{md,csv,json}, points.csv, plots of accuracy over bit operations and over bytes, and verdict.md.",
        "", "A run that was interrupted goes on when the same command names its folder again with --run."}, footer = {
                "", "Examples:", "  experiments/darq pareto experiments/search-quality-small.yaml",
                "  experiments/darq pareto experiments/search-quality-mnist.yaml --seeds 1,2,3,4,5 --processes 2 --run results/runs/quality"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ParetoCommand implements Callable<Integer> {
    private static final int MOST_PROCESSES = 256;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--processes", paramLabel = "N", defaultValue = "1", description = "Trains so many networks side by side, each with the configuration's threads "
            + "(default: ${DEFAULT-VALUE}). The results do not depend on it.")
    private int processes;

    @Option(names = "--worker", hidden = true, description = "Only trains.")
    private boolean worker;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (processes < 1 || processes > MOST_PROCESSES) {
            throw new UsageException("--processes " + processes + ": expected 1 to " + MOST_PROCESSES);
        }
        List<ParetoConfig> configs = options.configurations(ParetoConfig::load);
        List<String> notes = SearchChecks.latency(configs.getFirst().experiment(), configs.getFirst().pareto().model(),
                "pareto.table");
        List<String> outOfReach = worker ? List.of() : Pareto.outOfReach(configs.getFirst());
        boolean goesOn = goesOn(options.run(), configs.getFirst());
        if (!goesOn) {
            RunFolder.check(options.run());
        }
        DataSet data = data(configs.getFirst(), out);
        if (worker && options.run() != null) {
            Workers.endWithParent();
            Pareto.work(configs, data, options.run(), out);
            return 0;
        }
        // Workers write into the folder that is locked here, for them.
        try (RunFolder folder = goesOn
                ? RunFolder.reopen(options.run())
                : RunFolder.create(options.run(), configs.getFirst().experiment().results().directory(),
                        configs.getFirst().experiment().name(), LocalDateTime.now(ZoneId.systemDefault()))) {
            out.println((goesOn ? "Going on in " : "Run folder ") + folder.path());
            Stream.concat(notes.stream(), outOfReach.stream()).forEach(note -> out.println("note: " + note));
            out.flush();
            run(configs, data, folder.path(), out);
        }
        return 0;
    }

    private void run(List<ParetoConfig> configs, DataSet data, Path folder, PrintWriter out) throws IOException {
        Pareto.begin(configs, folder);
        if (processes == 1) {
            Pareto.work(configs, data, folder, out);
        } else {
            workers(configs, folder, out);
        }
        Pareto.report(configs, folder, out);
    }

    private static DataSet data(ParetoConfig config, PrintWriter out) {
        DataSet data = DataCache.standard(note -> {
            out.println(note);
            out.flush();
        }).load(config.experiment().data().source());
        RunOptions.checkSizes(config.experiment().source(), config.experiment().network(), data);
        RunOptions.checkSplit(config.experiment().source(), config.experiment().data().validation(), data);
        return data;
    }

    /** Whether the folder holds a run of this configuration; the seeds may be others, for more of them. */
    private static boolean goesOn(@Nullable Path run, ParetoConfig config) {
        if (run == null || !Files.isRegularFile(run.resolve("config.yaml"))) {
            return false;
        }
        ParetoConfig there = ParetoConfig.load(run.resolve("config.yaml"),
                List.of("seed=" + config.experiment().seed()));
        if (!there.equals(config)) {
            throw new UsageException("--run " + run + ": holds a run of another configuration, expected "
                    + "the same one to go on with, or a folder that is new or empty");
        }
        return true;
    }

    private void workers(List<ParetoConfig> configs, Path folder, PrintWriter out) throws IOException {
        String seeds = configs.stream().map(config -> Long.toString(config.experiment().seed()))
                .collect(Collectors.joining(","));
        try (Workers workers = new Workers(out)) {
            for (int i = 0; i < processes; i++) {
                workers.start(List.of("pareto", folder.resolve("config.yaml").toString(), "--run", folder.toString(),
                        "--seeds", seeds, "--worker"));
            }
            workers.join();
        }
    }
}
