package dev.darq.benchmarks;

import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One turn of one contender: JMH's loop and black hole in this process, for so long. Public because JMH demands it. */
@State(Scope.Benchmark)
public class Turn {
    /** JMH makes the object, so what it shall run waits here. */
    private static volatile @Nullable Timed next;

    private Timed timed = () -> "nothing yet";

    /** Takes what shall run; called by JMH. */
    @Setup
    public void take() {
        timed = Objects.requireNonNull(next, "nothing to run");
    }

    /** Runs once; called by JMH. */
    @Benchmark
    public Object run() throws Exception {
        return timed.run();
    }

    /**
     * The mean time of a call over one turn.
     *
     * @param warmUpMillis how long to run before, 0 for not at all
     * @param millis how long to run
     * @return nanoseconds
     */
    static double nanos(Timed timed, int warmUpMillis, int millis) throws RunnerException {
        next = timed;
        Options options = new OptionsBuilder().include("^" + Turn.class.getName() + "\\.run$").forks(0).threads(1)
                .mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS).warmupIterations(warmUpMillis > 0 ? 1 : 0)
                .warmupTime(TimeValue.milliseconds(Math.max(1, warmUpMillis))).measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(millis)).shouldFailOnError(true).verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        return results.iterator().next().getPrimaryResult().getScore();
    }
}
