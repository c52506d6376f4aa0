package dev.darq.experiments.cli;

import dev.darq.experiments.LayerBytes;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Numbers;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.Activation;
import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.LevelActivation;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.TokenActivation;
import dev.darq.kernels.UniformActivation;
import dev.darq.kernels.WeightCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darq inspect}. */
@Command(name = "inspect", description = "Shows the operations of a packed model with their bits and bytes.", footer = {
        "", "Example:", "  experiments/darq inspect results/runs/mnist-mlp-20260101-120000/model.darq"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL.darq", description = "The packed model.")
    private Path model;

    @Override
    public Integer call() throws IOException {
        PackedModel packed = PackedModels.load(model);
        PrintWriter out = spec.commandLine().getOut();
        out.print(table(packed).toMarkdown());
        out.println();
        out.println("file: " + Numbers.thousands(Files.size(model)) + " bytes, " + packed.inputs() + " inputs, "
                + packed.outputs() + " outputs");
        out.println("kernels: " + KernelProvider.get().name());
        packed.metadata().forEach((key, value) -> out.println(key + ": " + value.replaceAll("\\p{C}+", " ")));
        out.flush();
        return 0;
    }

    private static Table table(PackedModel model) {
        Table table = new Table().text("operation").text("shape").text("weights").text("activations").number("bytes")
                .number("bit operations");
        long bytes = 0;
        long bitOperations = 0;
        for (Operation operation : model.operations()) {
            switch (operation) {
                case Linear linear -> {
                    WeightCode weights = linear.weights();
                    long layerOperations = (long) weights.rows() * weights.columns() * weights.bits()
                            * linear.input().bits();
                    table.row(Cell.of(linear.name()), Cell.of(weights.rows() + " x " + weights.columns()),
                            Cell.of(describe(weights)), Cell.of(describe(linear.input())),
                            Cell.count(LayerBytes.of(linear)),
                            Cell.count(layerOperations));
                    bytes += LayerBytes.of(linear);
                    bitOperations += layerOperations;
                }
                case Activation activation -> table.row(Cell.of(activation.name()),
                        Cell.of(activation.function().name().toLowerCase(Locale.ROOT)), Cell.NONE, Cell.NONE, Cell.NONE,
                        Cell.NONE);
            }
        }
        return table.row(Cell.of("total"), Cell.NONE, Cell.NONE, Cell.NONE, Cell.count(bytes),
                Cell.count(bitOperations));
    }

    private static String describe(WeightCode weights) {
        return switch (weights) {
            case BinaryCode code -> code.bits() + " bit planes";
            case IntegerWeights integers -> "int" + integers.bits();
            case FloatWeights floats -> "float" + floats.bits();
            case GroupedWeights grouped -> describe(grouped.groups()) + ", groups of " + grouped.groupSize();
        };
    }

    private static String describe(ActivationCode code) {
        return switch (code) {
            case LevelActivation levels -> levels.bits() + " bit levels";
            case UniformActivation uniform -> uniform.bits() + " bit uniform";
            case TokenActivation token -> token.bits() + " bit per sample";
            case FloatActivation floats -> "float" + floats.bits();
        };
    }
}
