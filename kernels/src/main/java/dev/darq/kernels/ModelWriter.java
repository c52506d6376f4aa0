package dev.darq.kernels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes packed model files. */
final class ModelWriter {
    private ModelWriter() {}

    static void save(PackedModel model, Path path) throws IOException {
        List<StoredTensor> tensors = new ArrayList<>();
        for (Operation operation : model.operations()) {
            if (operation instanceof Linear linear) {
                tensors.addAll(StoredTensor.of(linear));
            }
        }
        ContainerWriter.save(path, ModelHeader.FORMAT, ModelHeader.metadata(model), tensors);
    }
}
