package dev.darq.experiments.cli;

import dev.darq.experiments.data.DataCache;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.data.DataSource;
import dev.darq.experiments.report.Numbers;
import dev.darq.kernels.KernelProvider;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darq evaluate}. */
@Command(name = "evaluate", description = "Measures a packed model on the test images of a data set.", footer = {"",
        "Examples:", "  experiments/darq evaluate model.darq --data mnist",
        "  experiments/darq evaluate model.darq --data folder/with/idx/files"})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class EvaluateCommand implements Callable<Integer> {
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL.darq", description = "The packed model.")
    private Path model;

    @Option(names = "--data", required = true, paramLabel = "NAME|DIR", description = {
            "A known data set (mnist), or a folder with the four files of MNIST's format."})
    private String data;

    @Override
    public Integer call() throws IOException {
        PackedModel packed = PackedModels.load(model);
        PrintWriter out = spec.commandLine().getOut();
        DataSet set = DataCache.standard(note -> {
            out.println(note);
            out.flush();
        }).load(DataSource.parse(data));
        if (packed.inputs() != set.width() || packed.outputs() != set.classes()) {
            throw new UsageException(model + ": takes " + packed.inputs() + " inputs and tells " + packed.outputs()
                    + " classes apart, " + set.name() + " has " + set.width() + " and " + set.classes());
        }
        Session session = packed.session();
        session.warmUp(WARM_UP);
        float[] image = new float[set.width()];
        int correct = 0;
        long[] nanoseconds = new long[set.test().count()];
        for (int i = 0; i < set.test().count(); i++) {
            set.test().image(i, image, 0);
            long start = System.nanoTime();
            int predicted = session.predict(image);
            nanoseconds[i] = System.nanoTime() - start;
            correct += predicted == set.test().label(i) ? 1 : 0;
        }
        Arrays.sort(nanoseconds);
        int count = set.test().count();
        out.println("accuracy: " + Numbers.percent((double) correct / count, 2) + " (" + Numbers.thousands(correct)
                + " of " + Numbers.thousands(count) + " test images of " + set.name() + ")");
        out.println("time: " + Numbers.fixed(nanoseconds[count / 2] / 1e3, 1) + " microseconds an inference (median, "
                + KernelProvider.get().name() + ")");
        out.flush();
        return 0;
    }
}
