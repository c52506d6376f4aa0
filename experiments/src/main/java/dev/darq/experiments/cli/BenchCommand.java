package dev.darq.experiments.cli;

import ai.djl.engine.Engine;
import dev.darq.experiments.ModelBenchmark;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darq bench}. */
@Command(name = "bench", description = {
        "Times inference at batch 1 on one thread: a packed model, each of its operations",
        "and the whole, against the same in float32 on Darq's vectorised kernel and on",
        "libtorch, taking turns in this process (medians). Without a model: networks of",
        "784-512-10 with random weights at 1 to 4 bits."}, footer = {"", "Examples:", "  experiments/darq bench",
                "  experiments/darq bench results/runs/mnist-mlp-20260101-120000/model.darq"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL.darq", arity = "0..1", description = "The packed model.")
    private @Nullable Path model;

    @Override
    public Integer call() throws IOException {
        PackedModel packed = model == null ? null : PackedModels.load(model);
        Engine.getInstance();
        Table table = packed == null ? ModelBenchmark.ofExamples() : ModelBenchmark.ofModel(packed);
        PrintWriter out = spec.commandLine().getOut();
        out.print(table.toMarkdown());
        out.println("\nkernels: " + KernelProvider.get().name() + "; batch 1, one thread, encoding of the activations "
                + "included, medians of alternating rounds");
        out.flush();
        return 0;
    }
}
