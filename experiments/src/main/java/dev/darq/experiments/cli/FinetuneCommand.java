package dev.darq.experiments.cli;

import dev.darq.experiments.config.FinetuneConfig;
import dev.darq.experiments.data.DataCache;
import dev.darq.experiments.data.DataSet;
import dev.darq.search.Augmentation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darq finetune}. */
@Command(name = "finetune", description = {"Trains a network with fixed bits and freezes the result.", "",
        "Trains a float32 network, or reads one, and from it each variant of the configuration with the bits that",
        "it gives (quantization-aware training). Everything is written into a run folder: config.yaml,",
        "environment.json, metrics.csv, variants.{md,csv,json}, and a folder with model.darq for each variant.",
        "An interrupted run cannot be resumed."}, footer = {
                "", "Examples:", "  experiments/darq finetune experiments/thesis-mnist.yaml",
                "  experiments/darq finetune experiments/thesis-mnist.yaml --from results/runs/one/float32/model.darq",
                "  experiments/darq finetune experiments/brevitas-mnist-64.yaml --seeds 1,2,3 --run results/runs/three"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class FinetuneCommand implements Callable<Integer> {
    /** What is done once the input has proved good. */
    @FunctionalInterface
    interface Experiment {
        /** Runs to the end, the same configuration with each of its seeds. */
        void run(List<FinetuneConfig> seeds, DataSet data, Path runFolder, PrintWriter out) throws IOException;
    }

    private final Consumer<FinetuneConfig> requirements;
    private final Experiment experiment;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--from", paramLabel = "MODEL.darq", description = "A float32 model to start from instead of training one, "
            + "as network.from of the configuration.")
    private @Nullable Path from;

    /**
     * An experiment with variants of one network.
     *
     * @param requirements throws a {@link dev.darq.experiments.config.ConfigException} for what is valid and not for it
     */
    FinetuneCommand(Consumer<FinetuneConfig> requirements, Experiment experiment) {
        this.requirements = requirements;
        this.experiment = experiment;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        RunFolder.check(options.run());
        if (from != null) {
            options.set("network.from", from.toString());
        }
        List<FinetuneConfig> configs = options.configurations(FinetuneConfig::load);
        FinetuneConfig checked = configs.getFirst();
        requirements.accept(checked);
        DataSet data = DataCache.standard(note -> {
            out.println(note);
            out.flush();
        }).load(checked.data().source());
        check(checked, data);
        try (RunFolder folder = RunFolder.create(options.run(), checked.results().directory(), checked.name(),
                LocalDateTime.now(ZoneId.systemDefault()))) {
            experiment.run(configs, data, folder.path(), out);
        }
        out.flush();
        return 0;
    }

    private static void check(FinetuneConfig config, DataSet data) {
        RunOptions.checkSizes(config.source(), config.network(), data);
        if (config.data().validation() > 0) {
            RunOptions.checkSplit(config.source(), config.data().validation(), data);
        }
        checkShift(config, "float", config.floatTraining().augmentation(), data);
        for (int i = 0; i < config.variants().size(); i++) {
            checkShift(config, "variants." + i, config.variants().get(i).finetune().augmentation(), data);
        }
    }

    private static void checkShift(FinetuneConfig config, String where, Augmentation augmentation, DataSet data) {
        if (augmentation.shift() > 0 && !Augmentation.isSquare(data.width())) {
            throw config.source().error(where, "shifts images, which must be squares for that; those of " + data.name()
                    + " have " + data.width() + " pixels");
        }
    }
}
