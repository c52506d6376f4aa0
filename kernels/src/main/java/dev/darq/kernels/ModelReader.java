package dev.darq.kernels;

import java.io.IOException;
import java.nio.file.Path;

/** Opens a packed model file: the container, then the operations. */
final class ModelReader {
    private ModelReader() {}

    static PackedModel load(Path path) throws IOException {
        return ContainerReader.load(path, ModelHeader.FORMAT,
                (tensors, version) -> new OperationReader(path, tensors, version).read());
    }
}
