package dev.darq.experiments.model;

import dev.darq.kernels.PackedModel;
import dev.darq.search.PostTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained float network.
 *
 * @param model its layers, all float
 * @param notes what was left out on import, for people
 */
public record FloatModel(PackedModel model, List<String> notes) {
    /** Copies the list. */
    public FloatModel {
        notes = List.copyOf(notes);
    }

    /**
     * Reads an ONNX file, by its ending {@code .onnx}, or a float network that Darq wrote (a safetensors file).
     *
     * @throws ModelException when it is no float network of a known kind
     */
    public static FloatModel load(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new ModelException(file + ": no such file");
        }
        if (Files.isDirectory(file)) {
            throw new ModelException(file + ": is a directory, expected a float network (.darq, .safetensors, .onnx)");
        }
        if (file.toString().endsWith(".onnx")) {
            return OnnxImport.read(file);
        }
        PackedModel model = PackedModel.load(file);
        try {
            PostTraining.linears(model);
        } catch (IllegalArgumentException e) {
            throw new ModelException(file + ": " + e.getMessage(), e);
        }
        return new FloatModel(model, List.of());
    }
}
