package dev.darq.experiments.data;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where a data set is found. */
public sealed interface DataSource {
    /**
     * Reads the name of a known data set or the path of a folder; the name wins.
     *
     * @throws DataException when it is neither
     */
    static DataSource parse(String nameOrFolder) {
        return KnownDataSet.named(nameOrFolder).<DataSource>map(Named::new).orElseGet(() -> {
            Path folder = Path.of(nameOrFolder);
            if (!Files.isDirectory(folder)) {
                throw new DataException("'" + nameOrFolder + "' is neither a known data set " + KnownDataSet.names()
                        + " nor a folder");
            }
            return new Folder(folder);
        });
    }

    /**
     * A data set that a package ships.
     *
     * @param dataSet which one
     */
    record Named(KnownDataSet dataSet) implements DataSource {
        @Override
        public String toString() {
            return dataSet.name();
        }
    }

    /**
     * A folder with the four IDX files of MNIST, each as it is or gzipped, or with NPY files ({@link NpyFiles}).
     *
     * @param path the folder
     */
    record Folder(Path path) implements DataSource {
        @Override
        public String toString() {
            return path.toString();
        }
    }
}
