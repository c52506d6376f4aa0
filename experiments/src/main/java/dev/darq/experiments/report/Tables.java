package dev.darq.experiments.report;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a table for people and for programs. */
public final class Tables {
    private Tables() {}

    /** Writes {@code name.md}, {@code name.csv} and {@code name.json} into a folder. */
    public static void write(Table table, Path folder, String name) throws IOException {
        AtomicFiles.write(folder.resolve(name + ".md"), table.toMarkdown());
        AtomicFiles.write(folder.resolve(name + ".csv"), table.toCsv());
        AtomicFiles.write(folder.resolve(name + ".json"), table.toJson());
    }
}
