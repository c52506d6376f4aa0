package dev.darq.experiments.cli;

import dev.darq.kernels.Disk;
import java.io.IOException;
import java.util.Arrays;

/**
 * Darq's command line in a process that dies as by kill -9 when a file has come to a step for the so-many-th time.
 * Arguments: step, a part of the file's path, how many times, and those of the command line.
 */
final class Victim {
    private Victim() {}

    public static void main(String[] arguments) {
        if (!arguments[0].equals("never")) {
            Disk.at(arguments[0], arguments[1], Integer.parseInt(arguments[2]), Victim::die);
        }
        Darq.main(Arrays.copyOfRange(arguments, 3, arguments.length));
    }

    private static void die() throws IOException {
        new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).inheritIO().start();
        while (true) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                // Nothing but the signal ends this.
            }
        }
    }
}
