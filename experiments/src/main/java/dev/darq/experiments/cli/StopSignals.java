package dev.darq.experiments.cli;

import dev.darq.experiments.journal.StopRequest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C (SIGINT) and SIGTERM ask the run to end after the step under way; the second one ends the process at once. A
 * shutdown hook could not do the latter: the JVM passes over signals while hooks run.
 */
final class StopSignals implements StopRequest, AutoCloseable {
    private record Handled(Signal signal, SignalHandler before) {}

    private final PrintWriter err;
    private final List<Handled> handled = new ArrayList<>();
    private volatile int number;

    StopSignals(PrintWriter err) {
        this.err = err;
        for (String name : List.of("INT", "TERM")) {
            try {
                Signal signal = new Signal(name);
                handled.add(new Handled(signal, Signal.handle(signal, this::stop)));
            } catch (IllegalArgumentException e) {
                // Not to be had on this system, or kept by the JVM's options: then it ends the process as ever.
            }
        }
    }

    private void stop(Signal signal) {
        number = signal.getNumber();
        handled.forEach(each -> Signal.handle(each.signal, SignalHandler.SIG_DFL));
        err.println("\ndarq: stopping after this step; once more stops at once");
        err.flush();
    }

    @Override
    public int signal() {
        return number;
    }

    @Override
    public void close() {
        handled.forEach(each -> Signal.handle(each.signal, each.before));
    }
}
