package dev.darq.benchmarks;

import dev.darq.experiments.cli.Logging;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What {@link Session#run} allocates once it is warm, by JMH's GC profiler in a fresh JVM for each figure. Public because
 * JMH demands it.
 */
@State(Scope.Thread)
public class AllocationBenchmark {
    /**
     * Bytes of the smallest object. JMH itself allocates some 10 KB a second, which a long run on a busy machine is given its
     * share of.
     */
    private static final double NOTHING = 16;
    private static final String BYTES_PER_RUN = "gc.alloc.rate.norm";
    /** Long enough for the compiler to be through, on a busy machine too. */
    private static final int WARM_UPS = 8;
    private static final int MEASUREMENTS = 3;
    private static final TimeValue ITERATION = TimeValue.milliseconds(500);

    /** How weights and activations are coded. */
    public enum Coding {
        /** Popcount, one plane each. */
        LQ1(Codes.lq(1)),
        /** Popcount, two planes each. */
        LQ2(Codes.lq(2)),
        /** Popcount, three planes each. */
        LQ3(Codes.lq(3)),
        /** Popcount, four planes each. */
        LQ4(Codes.lq(4)),
        /** Evenly spaced, four planes each. */
        UNIFORM4(Codes.uniform(4)),
        /** Evenly spaced, eight planes each. */
        UNIFORM8(Codes.uniform(8)),
        /** No codes. */
        FLOAT32(Codes.floats());

        private final Codes codes;

        Coding(Codes codes) {
            this.codes = codes;
        }
    }

    /** The coding; set by JMH. */
    @Param
    public Coding coding = Coding.FLOAT32;

    /** The samples of a run; set by JMH. */
    @Param({"1", "24"})
    public int batch;

    private @Nullable Session session;
    private float[] input = new float[0];
    private float[] output = new float[0];

    /** Makes the session; called by JMH. */
    @Setup
    public void prepare() {
        Logging.quiet();
        Network network = Network.random(784, 512, 10);
        PackedModel model = coding.codes.pack(network);
        session = DarqContender.session(model, batch);
        input = network.randomInput(batch);
        output = new float[batch * model.outputs()];
    }

    /** Runs once; called by JMH. */
    @Benchmark
    public float[] run() {
        Objects.requireNonNull(session).run(input, batch, output);
        return output;
    }

    /**
     * The bytes that a run allocates.
     *
     * @param table what is filled
     * @param clean whether all are nothing
     */
    record Profile(Table table, boolean clean) {}

    /** Profiles every coding and batch. */
    static Profile profile() throws RunnerException {
        Options options = new OptionsBuilder().include("^" + AllocationBenchmark.class.getName() + "\\.run$").forks(1)
                .mode(Mode.AverageTime).timeUnit(TimeUnit.MICROSECONDS).warmupIterations(WARM_UPS)
                .warmupTime(ITERATION).measurementIterations(MEASUREMENTS).measurementTime(ITERATION)
                .addProfiler(GCProfiler.class).shouldFailOnError(true).build();
        // The log of the JVMs that it starts, which has nothing for the user.
        OutputFormat silent = OutputFormatFactory.createFormatInstance(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), VerboseMode.SILENT);
        Table table = new Table().text("coding").number("batch").number("us").number("B per run");
        boolean clean = true;
        for (RunResult result : new Runner(options, silent).run()) {
            double bytes = Objects.requireNonNull(result.getSecondaryResults().get(BYTES_PER_RUN)).getScore();
            clean &= bytes < NOTHING;
            table.row(Cell.of(result.getParams().getParam("coding").toLowerCase(Locale.ROOT)),
                    Cell.count(Long.parseLong(result.getParams().getParam("batch"))),
                    Cell.number(result.getPrimaryResult().getScore(), 2), Cell.number(bytes, 3));
        }
        return new Profile(table, clean);
    }
}
