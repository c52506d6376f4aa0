package dev.darq.experiments.cli;

import ai.djl.engine.Engine;
import dev.darq.experiments.ModelBenchmark;
import dev.darq.experiments.StepBenchmark;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darq bench}. */
@Command(name = "bench", description = {
        "Times inference at batch 1 on one thread: a packed model, each of its operations",
        "and the whole, against the same in float32 on Darq's vectorised kernel and on",
        "libtorch, taking turns in this process (medians). Without a model: networks of",
        "784-512-10 with random weights at 1 to 4 bits. With the configuration of a search:",
        "a step of it against two steps of plain float32 training."}, footer = {"", "Examples:",
                "  experiments/darq bench",
                "  experiments/darq bench results/runs/mnist-mlp-20260101-120000/model.darq",
                "  experiments/darq bench experiments/mnist-mlp.yaml --set network.layers=[784,256,10]",
                "  experiments/darq bench experiments/mnist-transformer.yaml"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The packed model, or a configuration (.yaml).")
    private @Nullable Path model;

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "Sets a value of the configuration; repeatable.")
    private List<String> overrides = List.of();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (model != null && (model.toString().endsWith(".yaml") || model.toString().endsWith(".yml"))) {
            ExperimentConfig config = ExperimentConfig.load(model, overrides);
            out.print(StepBenchmark.measure(config).toMarkdown());
            out.println("\n" + config.space().weights().size() + " candidates for weights, "
                    + config.space().activations().size() + " for activations; batch " + config.training().batchSize()
                    + ", " + config.threads() + " threads, medians of alternating steps");
            out.flush();
            return 0;
        }
        if (!overrides.isEmpty()) {
            throw new UsageException("--set is for configurations (.yaml)");
        }
        PackedModel packed = model == null ? null : PackedModels.load(model);
        Engine.getInstance();
        Table table = packed == null ? ModelBenchmark.ofExamples() : ModelBenchmark.ofModel(packed);
        out.print(table.toMarkdown());
        out.println("\nkernels: " + KernelProvider.get().name() + "; batch 1, one thread, encoding of the activations "
                + "included, medians of alternating rounds");
        out.flush();
        return 0;
    }
}
