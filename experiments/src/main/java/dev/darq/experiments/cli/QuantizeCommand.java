package dev.darq.experiments.cli;

import dev.darq.experiments.PostTrainingExperiment;
import dev.darq.experiments.data.DataCache;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.data.DataSource;
import dev.darq.experiments.model.FloatModel;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.PostTraining;
import dev.darq.search.PostTrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darq quantize}. */
@Command(name = "quantize", description = {"Quantizes a trained network without training it.", "",
        "Weights are fitted per output channel, activations on the inputs that each layer sees: first in the float",
        "network, then behind the layers that are quantized already. Slope and bias of every channel are then",
        "fitted to the float network's values. Prints the error of each layer, sizes and accuracies."}, footer = {"",
                "Examples:", "  experiments/darq quantize float32.safetensors --bits 3",
                "  experiments/darq quantize mlp.onnx --bits w=1,a=2 --error-compensation --out small.darq",
                "  experiments/darq quantize mlp.onnx --bits 2 --layer linear2=8/4 --data folder/with/npy/files",
                "  experiments/darq quantize mlp.onnx --bits 4 --scheme uniform --layer linear1=lq3/pact8"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class QuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "The float network: a safetensors file that Darq wrote (.safetensors, .darq), or a multi-layer perceptron as ONNX (.onnx).")
    private Path model;

    @Option(names = "--bits", required = true, paramLabel = "N", description = "Bits of weights and activations; w=2,a=3 for different ones.")
    private String bits;

    @Option(names = "--scheme", defaultValue = "lq", paramLabel = "NAME", description = "The scheme (default: ${DEFAULT-VALUE}); w=xnor,a=lq for different ones.")
    private String scheme;

    @Option(names = "--layer", paramLabel = "LAYER=W/A", description = "Other bits for one layer, such as linear2=8/4, or other schemes, such as linear2=uniform8/pact4. May be repeated.")
    private final List<String> layers = new ArrayList<>();

    @Option(names = "--data", defaultValue = "mnist", paramLabel = "NAME|DIR", description = {
            "A known data set (mnist), or a folder with the four files of MNIST's format or with NPY files: x_train, "
                    + "y_train, x_test, y_test, or images, labels (default: ${DEFAULT-VALUE})."})
    private String data;

    @Option(names = "--calibration", defaultValue = "2000", paramLabel = "N", description = "Training examples to calibrate on (default: ${DEFAULT-VALUE}).")
    private int calibration;

    @Option(names = "--out", paramLabel = "FILE", description = "The packed model (default: the model's name with -quantized.darq).")
    private @Nullable Path out;

    @Option(names = "--error-compensation", description = "Chooses the codes of a channel by the layer's output error, to second order (GPTQ). Slower and, at few bits, better.")
    private boolean errorCompensation;

    @Option(names = "--no-channel-correction", negatable = false, description = "Leaves slope and bias of the channels as they are.")
    private boolean noChannelCorrection;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Decides which examples calibrate (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        if (calibration < 1) {
            throw new UsageException("--calibration " + calibration + ": expected at least 1");
        }
        FloatModel network = FloatModel.load(model);
        Path target = target();
        PostTrainingSettings settings = new PostTrainingSettings(
                new LayerOptions(bits, scheme, layers).choices(PostTraining.linears(network.model())),
                QuantizerSettings.DEFAULT, calibration, seed, errorCompensation, !noChannelCorrection);
        try {
            PostTraining.check(network.model(), settings);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        PrintWriter console = spec.commandLine().getOut();
        DataSet set = DataCache.standard(note -> {
            console.println(note);
            console.flush();
        }).load(DataSource.parse(data));
        if (network.model().inputs() != set.width() || network.model().outputs() != set.classes()) {
            throw new UsageException(model + ": takes " + network.model().inputs() + " inputs and tells "
                    + network.model().outputs() + " classes apart, " + set.name() + " has " + set.width() + " and "
                    + set.classes());
        }
        network.notes().forEach(console::println);
        new PostTrainingExperiment(set, console).run(network.model(), model, settings, target);
        return 0;
    }

    /** Where to write; never over the float network. */
    private Path target() throws IOException {
        String name = String.valueOf(model.getFileName()).replaceFirst("\\.[^.]*$", "");
        Path target = out == null ? Path.of(name + "-quantized.darq") : out;
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new UsageException("--out " + target + ": its folder does not exist");
        }
        if (Files.isDirectory(target)) {
            throw new UsageException("--out " + target + ": is a directory, expected a file");
        }
        if (Files.exists(target) && Files.isSameFile(target, model)) {
            throw new UsageException("--out " + target + ": is the float network itself");
        }
        return target;
    }
}
