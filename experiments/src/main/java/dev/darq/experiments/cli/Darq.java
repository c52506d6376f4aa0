package dev.darq.experiments.cli;

import dev.darq.experiments.FinetuneExperiment;
import dev.darq.experiments.SearchExperiment;
import dev.darq.experiments.ThesisExperiment;
import dev.darq.experiments.config.ConfigException;
import dev.darq.experiments.data.DataException;
import dev.darq.experiments.journal.ResumeException;
import dev.darq.experiments.model.ModelException;
import dev.darq.experiments.report.Versions;
import dev.darq.kernels.PackedFormatException;
import dev.darq.search.DivergedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line, {@code experiments/darq}. */
@Command(name = "darq", description = "Differentiable architecture search for quantization, down to a bitwise kernel.", footer = {
        "", "Start here:",
        "  experiments/darq search experiments/mnist-mlp.yaml", "",
        "Also, built with its libraries (60 MB) when first used:",
        "  experiments/darq benchmark    Times the kernels against ONNX Runtime, libtorch and Jlama."})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class Darq implements Runnable {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;
    private static final int HELP_WIDTH = 110;
    private static final String DEBUG = "--debug";

    @Spec
    private CommandSpec spec;

    @Option(names = DEBUG, scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    private Darq() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        main(List.of(), arguments);
    }

    /**
     * As {@link #main(String[])}, with more commands.
     *
     * @param more commands of other modules, annotated for picocli
     */
    public static void main(List<?> more, String[] arguments) {
        StandardError.restore();
        Logging.quiet();
        System.exit(execute(commandLine(SearchExperiment::runAll, more), arguments));
    }

    /** Runs one command; the exit code is 0 when done, 1 when the run failed, 2 on wrong use or bad input. */
    static int execute(CommandLine commandLine, String... arguments) {
        try {
            return commandLine.execute(arguments);
        } catch (OutOfMemoryError e) {
            commandLine.getErr().println("darq: out of memory; DARQ_JAVA_OPTS=-Xmx4g gives more");
        } catch (Error e) {
            report(commandLine, e, List.of(arguments).contains(DEBUG));
        }
        commandLine.getErr().flush();
        return FAILED;
    }

    static CommandLine commandLine(SearchCommand.Experiment experiment, List<?> more) {
        Darq darq = new Darq();
        CommandLine line = new CommandLine(darq);
        line.addSubcommand(new SearchCommand(experiment)).addSubcommand(finetune())
                .addSubcommand(new CalibrateCommand()).addSubcommand(new ParetoCommand())
                .addSubcommand(new QuantizeCommand())
                .addSubcommand(new EvaluateCommand())
                .addSubcommand(new InspectCommand()).addSubcommand(new BenchCommand()).addSubcommand(new DataCommand());
        line.addSubcommand("thesis", thesis());
        more.forEach(line::addSubcommand);
        describe(line);
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setParameterExceptionHandler((error, arguments) -> {
            report(error.getCommandLine(), error, List.of(arguments).contains(DEBUG));
            return WRONG_USE;
        });
        line.setExecutionExceptionHandler((error, command, result) -> {
            report(command, error, darq.debug);
            return isWrongUse(error) ? WRONG_USE : FAILED;
        });
        return line;
    }

    private static FinetuneCommand finetune() {
        return new FinetuneCommand(config -> {}, FinetuneExperiment::runAll);
    }

    /** As {@code finetune} in its arguments, in its configuration, and in what it checks. */
    private static CommandLine thesis() {
        CommandLine line = new CommandLine(new FinetuneCommand(ThesisExperiment::check, ThesisExperiment::run));
        line.getCommandSpec().usageMessage()
                .description("Makes the thesis's tables: accuracy, bytes and speed of a network with learned levels.",
                        "",
                        "Trains or reads a float32 network, and quantizes it to each variant of the configuration, without",
                        "training in three ways and by fine-tuning. Everything is written into a run folder: accuracy,",
                        "bytes, speed and levels as {md,csv,json}, neuron-*.png (histograms of one neuron's weights with",
                        "the learned levels), and a folder with all networks and their training curves for each seed.")
                .footer("", "Example:",
                        "  experiments/darq thesis experiments/thesis-mnist.yaml --seeds 1,2,3");
        return line;
    }

    /** What every command has: help, version, and its exit codes in the help. */
    private static void describe(CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(
                () -> new String[] {"darq " + Versions.DARQ});
        SequencedMap<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "the run failed");
        codes.put("2", "wrong use or bad input");
        if (line.getCommandName().equals("search")) {
            codes.put("130", "stopped by Ctrl-C, to be gone on with (143 by SIGTERM)");
        }
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
        line.getSubcommands().values().forEach(Darq::describe);
    }

    private static boolean isWrongUse(Throwable error) {
        return error instanceof ConfigException || error instanceof DataException || error instanceof UsageException
                || error instanceof ResumeException
                || error instanceof ModelException
                || error instanceof PackedFormatException || error instanceof ParameterException;
    }

    private static void report(CommandLine command, Throwable error, boolean debug) {
        boolean told = isWrongUse(error) || error instanceof DivergedException;
        String name = told ? "" : error.getClass().getSimpleName() + ": ";
        String message = Objects.requireNonNullElse(error.getMessage(), "no further information");
        if (error instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
            message += ", did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
        }
        command.getErr().println("darq: " + name + message.replaceAll("\\s*\\R\\s*", " ")
                + (told || debug ? "" : " (--debug shows where)"));
        if (error instanceof ParameterException) {
            command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        if (debug) {
            error.printStackTrace(command.getErr());
        }
        command.getErr().flush();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command is missing: "
                + String.join(", ", spec.subcommands().keySet()));
    }
}
