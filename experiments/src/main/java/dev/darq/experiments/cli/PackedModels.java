package dev.darq.experiments.cli;

import dev.darq.kernels.PackedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packed models that a user names. */
final class PackedModels {
    private PackedModels() {}

    /** Loads a model; a wrong path is wrong use, not a failure. */
    static PackedModel load(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new UsageException(path + ": no such file");
        }
        if (Files.isDirectory(path)) {
            throw new UsageException(path + ": is a directory, expected a packed model (.darq)");
        }
        return PackedModel.load(path);
    }
}
