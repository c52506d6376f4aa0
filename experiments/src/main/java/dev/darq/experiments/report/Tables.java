package dev.darq.experiments.report;

import dev.darq.kernels.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** Writes a table for people and for programs. */
public final class Tables {
    private Tables() {}

    /** Writes {@code name.md}, {@code name.csv} and {@code name.json} into a folder. */
    public static void write(Table table, Path folder, String name) throws IOException {
        AtomicFile.write(folder.resolve(name + ".md"), table.toMarkdown());
        AtomicFile.write(folder.resolve(name + ".csv"), table.toCsv());
        AtomicFile.write(folder.resolve(name + ".json"), table.toJson());
    }
}
